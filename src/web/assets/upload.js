// Shows how far an upload is. Without this the form works as well, and says nothing until it is done.
for (const form of document.querySelectorAll('form[enctype="multipart/form-data"]')) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bar = document.createElement("progress");
    const says = document.createElement("p");
    says.setAttribute("role", "status");
    bar.max = 1;
    bar.setAttribute("aria-label", "Upload");
    form.querySelector("button").disabled = true;
    form.append(says, bar);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) bar.value = loaded / total;
      says.textContent = loaded < total ? "Sending …" : "Sent. Reading what is in it …";
    });
    request.addEventListener("load", () => {
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => {
      bar.remove();
      form.querySelector("button").disabled = false;
      says.textContent = "It did not get through. Please try again.";
    });
    request.send(new FormData(form));
  });
}
