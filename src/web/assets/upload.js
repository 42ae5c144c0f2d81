// Shows how far an upload is. Without this the form works as well, and says nothing until it is done.
for (const form of document.querySelectorAll('form[enctype="multipart/form-data"]')) {
  const button = form.querySelector("button");
  const says = document.createElement("p");
  says.setAttribute("role", "status");
  form.append(says);
  // A status that is said again is read aloud again.
  const say = (words) => {
    if (says.textContent !== words) says.textContent = words;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", "Upload");
    form.append(bar);
    button.disabled = true;
    say("Sending …");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) bar.value = loaded / total;
    });
    request.upload.addEventListener("load", () => {
      // How long the reading takes is not known.
      bar.removeAttribute("value");
      say("Sent. Reading what is in it …");
    });
    request.addEventListener("load", () => {
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => {
      bar.remove();
      button.disabled = false;
      say("It did not get through. Please try again.");
    });
    request.send(new FormData(form));
  });
}
