//! The error of all state machines.

/// An event does not fit the state; the value is unchanged.
///
/// The names are stable and in lower case. Callers map them to error codes and do not parse the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{machine} refuses `{event}` while `{from}`")]
pub struct Refused {
    /// The state machine, for example `photo`.
    pub machine: &'static str,
    /// The refused event.
    pub event: &'static str,
    /// The state it was sent to.
    pub from: &'static str,
}
