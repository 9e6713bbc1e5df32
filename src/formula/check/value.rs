//! What the parts of a formula can come to, as far as that is known without running it: exactly for constants and columns,
//! by its kind for what rows decide, and each branch's value by itself.

use rhai::Position;

use super::super::operand::Operand;

/// The values a part of a formula may have, one for each way through it. None when it never has one, because the formula
/// returned before.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    pub(super) possible: Vec<Possible>,
}

/// One of the values that are possible.
#[derive(Clone, Debug)]
pub(super) struct Possible {
    pub(super) what: What,
    /// Where it comes from.
    pub(super) position: Position,
}

/// A value, or what is known of it.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// This one.
    Exact(Operand),
    /// A number, or no data.
    Number,
    /// Yes or no, or no data.
    Bool,
    /// A text.
    Text,
    /// A list of these.
    List(Vec<Value>),
    /// Whole numbers from one to another.
    Range,
    /// Anything else of Rhai's, in words.
    Other(&'static str),
    /// Anything: a mistake was told already, or nothing can be said.
    Unknown,
}

/// More ways through a formula than this are not told apart.
const MOST_WAYS: usize = 12;

impl Value {
    /// The one value that is possible.
    pub(super) fn one(what: What, position: Position) -> Self {
        Self { possible: vec![Possible { what, position }] }
    }

    /// Nothing to compute from.
    pub(super) fn no_data(position: Position) -> Self {
        Self::one(What::Exact(Operand::NoData), position)
    }

    /// Anything.
    pub(super) fn unknown(position: Position) -> Self {
        Self::one(What::Unknown, position)
    }

    /// No value: the formula does not come this far.
    pub(super) fn never() -> Self {
        Self::default()
    }

    /// Adds what is possible another way.
    pub(super) fn or(mut self, other: Self) -> Self {
        for possible in other.possible {
            self.add(possible);
        }
        self
    }

    /// Adds a possible value, unless it is there.
    pub(super) fn add(&mut self, possible: Possible) {
        if self.possible.iter().any(|known| known.what.is_same(&possible.what)) {
            return;
        }
        if self.possible.len() == MOST_WAYS {
            *self = Self::unknown(possible.position);
        } else {
            self.possible.push(possible);
        }
    }

    /// The same values as coming from here.
    pub(super) fn at(mut self, position: Position) -> Self {
        self.possible.iter_mut().for_each(|possible| possible.position = position);
        self
    }
}

impl What {
    /// What an operator or a function gives; made up are numbers and truths that stand for those that rows decide.
    pub(super) fn of(operand: Operand, is_made_up: bool) -> Self {
        match operand {
            Operand::Pending => Self::Number,
            Operand::Number(_) | Operand::NoData if is_made_up => Self::Number,
            Operand::Bool(_) if is_made_up => Self::Bool,
            other => Self::Exact(other),
        }
    }

    /// An operand of this kind, with `number` for any that rows decide; none for what operators do not take.
    pub(super) fn operand(&self, number: f64) -> Option<Operand> {
        match self {
            Self::Exact(operand) => Some(operand.clone()),
            Self::Number => Some(Operand::Number(number)),
            Self::Bool => Some(Operand::Bool(true)),
            Self::Text => Some(Operand::Text("…".into())),
            Self::List(_) | Self::Range | Self::Other(_) | Self::Unknown => None,
        }
    }

    /// Whether rows decide the value.
    pub(super) fn is_made_up(&self) -> bool {
        matches!(self, Self::Number | Self::Bool | Self::Text)
    }

    /// What it is in words, with its article.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Exact(operand) => operand.words(),
            Self::Number => "a number".to_owned(),
            Self::Bool => "yes or no".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Range => "a range".to_owned(),
            Self::Other(words) => (*words).to_owned(),
            Self::Unknown => "something".to_owned(),
        }
    }

    /// The same where one decision for all rows is needed.
    pub(super) fn decided_words(&self) -> String {
        match self {
            Self::Exact(Operand::Row(_)) => "a value of each row".to_owned(),
            Self::Exact(Operand::Text(_)) => "a text".to_owned(),
            other => other.words(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exact(one), Self::Exact(other)) => one == other,
            (Self::List(_), Self::List(_)) => false,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}
