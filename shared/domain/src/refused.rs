//! What every state machine answers when an event does not fit its state.

/// `machine` will not take `event` while it is `from`; the value stays as it was.
///
/// All three are stable, lower-case names: a caller maps them to a code of its own, nobody parses the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{machine} refuses `{event}` while `{from}`")]
pub struct Refused {
    pub machine: &'static str,
    pub event: &'static str,
    pub from: &'static str,
}
