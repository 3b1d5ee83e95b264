//! Why an action failed.

use std::{fmt, io};

use crate::error::{Class, Reject};

#[derive(Debug)]
pub enum Error {
    /// This end refuses a message of the other, or the other refuses a request of this one.
    Reject(Reject),
    /// An Error frame of a relay that showed the pinned keys ended the session: an authenticated refusal. CL-37.
    Refused(Reject),
    /// The connection is lost or never came about; the same may be tried again.
    Lost(Reject),
    /// Time is over; what was begun may still take effect.
    Deadline,
    /// The session was closed.
    Closed,
    /// The caller's mistake.
    Misuse(&'static str),
    /// The data directory failed. CL-20.
    Store(io::Error),
}

impl Error {
    /// The other end took too long: DEADLINE_EXCEEDED. HS-15, SE-22.
    pub fn silence(detail: &str) -> Self {
        Error::Lost(Reject { code: Some(2007), ..Reject::new(Class::ResourceLimit, detail) })
    }

    pub fn unreachable(detail: impl Into<String>) -> Self {
        Error::Lost(Reject::new(Class::ResourceLimit, detail))
    }
}

impl Error {
    /// Class and number, where one end named an error.
    pub fn reject(&self) -> Option<&Reject> {
        match self {
            Error::Reject(reject) | Error::Refused(reject) | Error::Lost(reject) => Some(reject),
            _ => None,
        }
    }
}

impl From<Reject> for Error {
    fn from(reject: Reject) -> Self {
        Error::Reject(reject)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Store(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Reject(reject) | Error::Refused(reject) | Error::Lost(reject) => reject.fmt(formatter),
            Error::Deadline => formatter.write_str("the time is over"),
            Error::Closed => formatter.write_str("the session is closed"),
            Error::Misuse(what) => formatter.write_str(what),
            Error::Store(error) => write!(formatter, "the data directory: {error}"),
        }
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;
