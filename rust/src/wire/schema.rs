//! The schema of the messages, for the strict walk.

/// One message of the schema.
pub struct Schema {
    pub name: &'static str,
    /// The fields in ascending order of their numbers.
    pub fields: &'static [Field],
}

pub struct Field {
    pub number: u32,
    pub name: &'static str,
    pub kind: Kind,
    pub presence: Presence,
    pub rule: Rule,
}

pub const fn field(number: u32, name: &'static str, kind: Kind, presence: Presence, rule: Rule) -> Field {
    Field { number, name, kind, presence, rule }
}

#[derive(Clone, Copy)]
pub enum Kind {
    Uint32,
    Uint64,
    Bool,
    Enum(&'static [u64]),
    Bytes,
    Text,
    Message(&'static Schema),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// A scalar whose default value is left out.
    Implicit,
    /// A scalar that may be present with its default value.
    Optional,
    /// A member of the message's one oneof.
    Member,
    Repeated,
    /// A singular message that must be given. WI-20.
    Required,
    /// A singular message whose comment says when it is present. WI-20.
    OptionalMessage,
}

/// Bounds that the schema's comments or spec/limits.md state. WI-17, WI-18.
#[derive(Clone, Copy)]
pub enum Rule {
    Any,
    Exact(usize),
    ExactOrEmpty(usize),
    Max(usize),
    Items(usize),
}

impl Schema {
    pub fn by_number(&self, number: u32) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.number == number)
    }

    pub fn by_name(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn has_oneof(&self) -> bool {
        self.fields.iter().any(|field| field.presence == Presence::Member)
    }
}
