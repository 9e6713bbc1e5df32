//! Random formulas: their text as a manager would write it, and what they mean for one row, said a second time in the
//! plainest way. Knows nothing of SQL and nothing of the code under test.

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::rows::{NAMES, Row};

/// Something computed for each row. Every tree names at least one column: a formula of plain numbers is another matter.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Wait,
    Price,
    Score,
    Hour,
    Weekday,
    Literal(f64),
    Negative(Box<Number>),
    Binary(&'static str, Box<Number>, Box<Number>),
    IfNull(Box<Number>, Box<Number>),
}

#[derive(Clone, Debug)]
pub(super) enum Text {
    Queue,
    Agent,
    Or(&'static str),
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    Answered,
    Resolved,
    Literal(bool),
    Compare(&'static str, Number, Number),
    SameText(&'static str, Text, &'static str),
    SameColumns(&'static str),
    SameTruth(&'static str, Box<Condition>, Box<Condition>),
    TextIn(Text, Vec<&'static str>),
    NumberIn(Number, Vec<f64>),
    NoNumber(Number),
    NoText(Text),
    NoTruth(Box<Condition>),
    IfNull(Box<Condition>, Box<Condition>),
    Test(&'static str, Text, &'static str),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

/// What an aggregate is taken of.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Nothing,
    Number(Number),
    Text(Text),
    Truth(Condition),
}

/// A KPI's formula.
#[derive(Clone, Debug)]
pub(super) struct Formula {
    pub(super) function: &'static str,
    pub(super) argument: Argument,
    /// The share of `percentile`.
    pub(super) share: f64,
    pub(super) condition: Option<Condition>,
}

impl Number {
    pub(super) fn of(&self, row: &Row, zone: Tz) -> Option<f64> {
        let local = row.instant.with_timezone(&zone);
        match self {
            Self::Wait => row.wait_s.map(f64::from),
            Self::Price => row.price,
            Self::Score => row.score,
            Self::Hour => Some(f64::from(local.hour())),
            Self::Weekday => Some(f64::from(local.weekday().number_from_monday())),
            Self::Literal(number) => Some(*number),
            Self::Negative(inner) => inner.of(row, zone).map(|number| -number),
            Self::IfNull(inner, other) => inner.of(row, zone).or_else(|| other.of(row, zone)),
            Self::Binary(sign, left, right) => {
                let (left, right) = (left.of(row, zone)?, right.of(row, zone)?);
                match *sign {
                    "+" => Some(left + right),
                    "-" => Some(left - right),
                    "*" => Some(left * right),
                    "/" => (right != 0.0).then(|| left / right),
                    "%" => (right != 0.0).then(|| left - right * (left / right).trunc()),
                    other => unreachable!("{other}"),
                }
            }
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Wait => "wait_s".to_owned(),
            Self::Price => "price".to_owned(),
            Self::Score => "score".to_owned(),
            Self::Hour => "hour(at)".to_owned(),
            Self::Weekday => "weekday(at)".to_owned(),
            Self::Literal(number) => format!("({number})"),
            Self::Negative(inner) => format!("(-{})", inner.written()),
            Self::Binary(sign, left, right) => format!("({} {sign} {})", left.written(), right.written()),
            Self::IfNull(inner, other) => format!("if_null({}, {})", inner.written(), other.written()),
        }
    }
}

impl Text {
    pub(super) fn of(&self, row: &Row) -> Option<&'static str> {
        match self {
            Self::Queue => row.queue,
            Self::Agent => row.agent,
            Self::Or(other) => row.queue.or(Some(other)),
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Queue => "queue".to_owned(),
            Self::Agent => "agent".to_owned(),
            Self::Or(other) => format!("if_null(queue, {})", quoted(other)),
        }
    }
}

impl Condition {
    /// Yes, no, or unknown, as where a value is missing.
    pub(super) fn of(&self, row: &Row, zone: Tz) -> Option<bool> {
        let same = |sign: &str, equal: bool| (sign == "==") == equal;
        match self {
            Self::Answered => row.answered,
            Self::Resolved => row.resolved,
            Self::Literal(truth) => Some(*truth),
            Self::Compare(sign, left, right) => {
                let (left, right) = (left.of(row, zone)?, right.of(row, zone)?);
                Some(match *sign {
                    "<" => left < right,
                    "<=" => left <= right,
                    ">" => left > right,
                    ">=" => left >= right,
                    "==" => left == right,
                    "!=" => left != right,
                    other => unreachable!("{other}"),
                })
            }
            Self::SameText(sign, text, other) => text.of(row).map(|text| same(sign, text == *other)),
            Self::SameColumns(sign) => Some(same(sign, row.queue? == row.agent?)),
            Self::SameTruth(sign, left, right) => Some(same(sign, left.of(row, zone)? == right.of(row, zone)?)),
            // In no list there is nothing, known or not.
            Self::TextIn(_, list) if list.is_empty() => Some(false),
            Self::TextIn(text, list) => text.of(row).map(|text| list.contains(&text)),
            Self::NumberIn(_, list) if list.is_empty() => Some(false),
            Self::NumberIn(number, list) => number.of(row, zone).map(|number| list.contains(&number)),
            Self::NoNumber(number) => Some(number.of(row, zone).is_none()),
            Self::NoText(text) => Some(text.of(row).is_none()),
            Self::NoTruth(condition) => Some(condition.of(row, zone).is_none()),
            Self::IfNull(inner, other) => inner.of(row, zone).or_else(|| other.of(row, zone)),
            Self::Test(test, text, piece) => text.of(row).map(|text| match *test {
                "contains" => text.contains(piece),
                "starts_with" => text.starts_with(piece),
                "ends_with" => text.ends_with(piece),
                other => unreachable!("{other}"),
            }),
            Self::Not(inner) => inner.of(row, zone).map(|truth| !truth),
            Self::And(left, right) => match (left.of(row, zone), right.of(row, zone)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.of(row, zone), right.of(row, zone)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }

    fn written(&self) -> String {
        let list = |members: Vec<String>| format!("[{}]", members.join(", "));
        match self {
            Self::Answered => "answered".to_owned(),
            Self::Resolved => "resolved".to_owned(),
            Self::Literal(truth) => truth.to_string(),
            Self::Compare(sign, left, right) => format!("({} {sign} {})", left.written(), right.written()),
            Self::SameText(sign, text, other) => format!("({} {sign} {})", text.written(), quoted(other)),
            Self::SameColumns(sign) => format!("(queue {sign} agent)"),
            Self::SameTruth(sign, left, right) => format!("({} {sign} {})", left.written(), right.written()),
            Self::TextIn(text, others) => {
                format!("({} in {})", text.written(), list(others.iter().map(|other| quoted(other)).collect()))
            }
            Self::NumberIn(number, others) => {
                format!("({} in {})", number.written(), list(others.iter().map(f64::to_string).collect()))
            }
            Self::NoNumber(number) => format!("is_null({})", number.written()),
            Self::NoText(text) => format!("is_null({})", text.written()),
            Self::NoTruth(condition) => format!("is_null({})", condition.written()),
            Self::IfNull(inner, other) => format!("if_null({}, {})", inner.written(), other.written()),
            Self::Test(test, text, piece) => format!("{test}({}, {})", text.written(), quoted(piece)),
            Self::Not(inner) => format!("(not {})", inner.written()),
            Self::And(left, right) => format!("({} and {})", left.written(), right.written()),
            Self::Or(left, right) => format!("({} or {})", left.written(), right.written()),
        }
    }
}

impl Formula {
    pub(super) fn written(&self) -> String {
        let mut arguments = match &self.argument {
            Argument::Nothing => Vec::new(),
            Argument::Number(number) => vec![number.written()],
            Argument::Text(text) => vec![text.written()],
            Argument::Truth(condition) => vec![condition.written()],
        };
        if self.function == "percentile" {
            arguments.push(self.share.to_string());
        }
        arguments.extend(self.condition.iter().map(Condition::written));
        format!("{}({})", self.function, arguments.join(", "))
    }
}

/// A text as formulas write it; JSON escapes the same characters in the same way.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

pub(super) fn formula() -> impl Strategy<Value = Formula> {
    let share = prop::sample::select(vec![0.0, 5.0, 29.0, 50.0, 55.0, 90.0, 95.5, 99.9, 100.0]);
    let functions = ["sum", "avg", "min", "max", "median", "percentile", "stddev", "distinct", "count"];
    let of_numbers = (prop::sample::select(functions.to_vec()), number().prop_map(Argument::Number));
    let of_others = (
        prop::sample::select(vec!["distinct", "count"]),
        prop_oneof![text().prop_map(Argument::Text), condition().prop_map(Argument::Truth)],
    );
    let counted = Just(("count", Argument::Nothing));
    let taken = prop_oneof![8 => of_numbers, 3 => of_others, 2 => counted];
    (taken, share, prop::option::of(condition())).prop_map(|((function, argument), share, condition)| {
        // The only argument of `count` is its condition.
        match (argument, condition) {
            (Argument::Nothing, Some(condition)) => {
                Formula { function, argument: Argument::Truth(condition), share, condition: None }
            }
            (argument, condition) => Formula { function, argument, share, condition },
        }
    })
}

fn literal() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::sample::select(vec![0.0, 1.0, -1.0, 3.0, 20.0, 0.5, 0.25, 0.1, 2.2, 9.0]),
        (-3_000_i32..3_000).prop_map(|hundredths| f64::from(hundredths) / 100.0),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    let leaf = prop_oneof![
        3 => Just(Number::Wait),
        3 => Just(Number::Price),
        3 => Just(Number::Score),
        1 => Just(Number::Hour),
        1 => Just(Number::Weekday),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let sign = prop::sample::select(vec!["+", "-", "*", "/", "%"]);
        let other = prop_oneof![inner.clone(), literal().prop_map(Number::Literal)];
        let boxed = (inner.clone().prop_map(Box::new), other.prop_map(Box::new));
        prop_oneof![
            3 => (sign, boxed.clone()).prop_map(|(sign, (left, right))| Number::Binary(sign, left, right)),
            1 => (Just("-"), boxed.clone()).prop_map(|(sign, (left, right))| Number::Binary(sign, right, left)),
            1 => boxed.prop_map(|(left, right)| Number::IfNull(left, right)),
            1 => inner.prop_map(|inner| Number::Negative(Box::new(inner))),
        ]
    })
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![Just(Text::Queue), Just(Text::Agent), name().prop_map(Text::Or)]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}

pub(super) fn condition() -> impl Strategy<Value = Condition> {
    let order = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let equality = || prop::sample::select(vec!["==", "!="]);
    let right = prop_oneof![number(), literal().prop_map(Number::Literal)];
    let piece = prop_oneof![name(), prop::sample::select(vec!["", "Прод", "ж", "ale", "%", " ", "\\", "'"])];
    let test = prop::sample::select(vec!["contains", "starts_with", "ends_with"]);
    let leaf = prop_oneof![
        3 => Just(Condition::Answered),
        2 => Just(Condition::Resolved),
        4 => (order, number(), right).prop_map(|(sign, left, right)| Condition::Compare(sign, left, right)),
        2 => (equality(), text(), name()).prop_map(|(sign, text, other)| Condition::SameText(sign, text, other)),
        1 => equality().prop_map(Condition::SameColumns),
        2 => (text(), prop::collection::vec(name(), 0..3)).prop_map(|(text, list)| Condition::TextIn(text, list)),
        1 => (number(), prop::collection::vec(literal(), 0..4))
            .prop_map(|(number, list)| Condition::NumberIn(number, list)),
        1 => number().prop_map(Condition::NoNumber),
        1 => text().prop_map(Condition::NoText),
        2 => (test, text(), piece).prop_map(|(test, text, piece)| Condition::Test(test, text, piece)),
    ];
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let other = prop_oneof![4 => inner.clone(), 1 => any::<bool>().prop_map(Condition::Literal)];
        let boxed = (inner.clone().prop_map(Box::new), other.prop_map(Box::new));
        prop_oneof![
            2 => boxed.clone().prop_map(|(left, right)| Condition::And(left, right)),
            2 => boxed.clone().prop_map(|(left, right)| Condition::Or(left, right)),
            2 => inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            1 => inner.prop_map(|inner| Condition::NoTruth(Box::new(inner))),
            1 => boxed.clone().prop_map(|(left, right)| Condition::IfNull(left, right)),
            1 => (equality(), boxed).prop_map(|(sign, (left, right))| Condition::SameTruth(sign, left, right)),
        ]
    })
}
