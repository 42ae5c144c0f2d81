//! PostgreSQL's errors in the store's words.

use tokio_postgres::error::SqlState;

use super::super::error::Error;

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        // What is not the server's own word is the connection's end.
        let Some(state) = error.code() else { return Self::Unreachable(error.into()) };
        match state.code().get(..2) {
            // Cancelled, as by the limit of a statement; and the limit of a lock.
            _ if *state == SqlState::QUERY_CANCELED || *state == SqlState::LOCK_NOT_AVAILABLE => Self::Busy,
            _ if *state == SqlState::TOO_MANY_CONNECTIONS || is_to_be_repeated(&error) => Self::Busy,
            // Connections; the operator's hand (57P: it shuts down, starts, or has ended the connection).
            Some("08" | "57") => Self::Unreachable(error.into()),
            // Idle for too long in the middle of something.
            _ if *state == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Self::Unreachable(error.into()),
            _ => Self::Refused(error.into()),
        }
    }
}

/// Whether nothing has happened, since two transactions were in each other's way.
pub fn is_to_be_repeated(error: &tokio_postgres::Error) -> bool {
    let in_the_way = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|state| in_the_way.contains(state))
}
