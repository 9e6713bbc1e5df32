//! What operators mean: on numbers at once, on column expressions as a larger expression, on what is not known yet or
//! has no data by passing that on. Kinds that do not fit are mistakes.

use std::sync::Arc;

use super::expression::{Binary, Expression, Kind};
use super::mistake::Mistake;
use super::operand::Operand;

/// Applies a binary operator.
pub(crate) fn binary(operator: Binary, left: &Operand, right: &Operand) -> Result<Operand, Mistake> {
    match (left, right) {
        (Operand::Pending, _) | (_, Operand::Pending) => Ok(Operand::Pending),
        // Only `== ()` and `!= ()` ask whether there is data; every other operator passes "no data" on.
        (Operand::NoData, _) | (_, Operand::NoData) => Ok(match operator {
            Binary::Equal => Operand::Bool(left == right),
            Binary::NotEqual => Operand::Bool(left != right),
            _ => Operand::NoData,
        }),
        (Operand::Row(_), _) | (_, Operand::Row(_)) => row(operator, left, right),
        (Operand::Number(left), Operand::Number(right)) => numbers(operator, *left, *right),
        (Operand::Bool(left), Operand::Bool(right)) => match operator {
            Binary::And => Ok(Operand::Bool(*left && *right)),
            Binary::Or => Ok(Operand::Bool(*left || *right)),
            Binary::Equal => Ok(Operand::Bool(left == right)),
            Binary::NotEqual => Ok(Operand::Bool(left != right)),
            _ => Err(unfit(operator, &Operand::Bool(*left), &Operand::Bool(*right))),
        },
        (Operand::Text(left), Operand::Text(right)) => match operator {
            Binary::Equal => Ok(Operand::Bool(left == right)),
            Binary::NotEqual => Ok(Operand::Bool(left != right)),
            _ => Err(unfit(operator, &Operand::Text(Arc::clone(left)), &Operand::Text(Arc::clone(right)))),
        },
        _ => Err(unfit(operator, left, right)),
    }
}

/// Applies `not`.
pub(crate) fn not(inner: &Operand) -> Result<Operand, Mistake> {
    match inner {
        Operand::Pending => Ok(Operand::Pending),
        Operand::NoData => Ok(Operand::NoData),
        Operand::Bool(value) => Ok(Operand::Bool(!value)),
        Operand::Row(expression) if expression.kind() == Kind::Bool => {
            Ok(Operand::Row(Arc::new(Expression::Not(Arc::clone(expression)))))
        }
        other => Err(Mistake::kind(format!("`not` needs a condition, but this is {}", other.words()))
            .hint("put the condition that is meant in parentheses, as in `not (wait_s <= 20)`")),
    }
}

/// Applies the minus sign.
pub(crate) fn negative(inner: &Operand) -> Result<Operand, Mistake> {
    match inner {
        Operand::Pending => Ok(Operand::Pending),
        Operand::NoData => Ok(Operand::NoData),
        Operand::Number(number) => Ok(Operand::number(-number)),
        Operand::Row(expression) if expression.kind() == Kind::Number => {
            Ok(Operand::Row(Arc::new(Expression::Negative(Arc::clone(expression)))))
        }
        other => Err(Mistake::kind(format!("`-` needs a number, but this is {}", other.words()))
            .hint("take the `-` away, or compute a number first")),
    }
}

/// Whether a value is one of a list's.
pub(crate) fn one_of(value: &Operand, list: &[Operand]) -> Result<Operand, Mistake> {
    match value {
        Operand::Pending => Ok(Operand::Pending),
        _ if list.contains(&Operand::Pending) => Ok(Operand::Pending),
        Operand::NoData => Ok(Operand::NoData),
        Operand::Row(expression) => {
            let mut others = Vec::with_capacity(list.len());
            for other in list {
                match other.expression() {
                    Some(member) if member.kind() == expression.kind() && member.dataset().is_none() => {
                        others.push((*member).clone());
                    }
                    _ => {
                        let hint = match expression.kind() {
                            Kind::Text => "put every text of the list in double quotes: `[\"Sales\", \"Support\"]`",
                            _ => "a list holds plain values of the same kind, such as `[1, 2]`",
                        };
                        return Err(Mistake::kind(format!(
                            "the list holds {}, but `{}` is {}",
                            other.words(),
                            expression,
                            expression.kind().words()
                        ))
                        .hint(hint));
                    }
                }
            }
            Ok(Operand::Row(Arc::new(Expression::OneOf(Arc::clone(expression), others))))
        }
        known => Ok(Operand::Bool(list.contains(known))),
    }
}

fn numbers(operator: Binary, left: f64, right: f64) -> Result<Operand, Mistake> {
    Ok(match operator {
        Binary::Add => Operand::number(left + right),
        Binary::Subtract => Operand::number(left - right),
        Binary::Multiply => Operand::number(left * right),
        Binary::Divide => Operand::number(left / right),
        Binary::Remainder => Operand::number(left % right),
        Binary::Equal => Operand::Bool(left == right),
        Binary::NotEqual => Operand::Bool(left != right),
        Binary::Less => Operand::Bool(left < right),
        Binary::LessOrEqual => Operand::Bool(left <= right),
        Binary::Greater => Operand::Bool(left > right),
        Binary::GreaterOrEqual => Operand::Bool(left >= right),
        Binary::And | Binary::Or => return Err(unfit(operator, &Operand::Number(left), &Operand::Number(right))),
    })
}

fn row(operator: Binary, left: &Operand, right: &Operand) -> Result<Operand, Mistake> {
    let (Some(left_side), Some(right_side)) = (left.expression(), right.expression()) else {
        return Err(unfit(operator, left, right));
    };
    if let (Some(one), Some(other)) = (left_side.dataset(), right_side.dataset())
        && one != other
    {
        return Err(Mistake::kind(format!(
            "`{}` mixes columns of the datasets `{one}` and `{other}`: a row belongs to one of them",
            operator.sign()
        ))
        .hint("aggregate each side first, as in `sum(calls.talk_s) / sum(agent_activity.seconds)`"));
    }
    let (left_kind, right_kind) = (left_side.kind(), right_side.kind());
    let fits = if operator.is_arithmetic() {
        left_kind == Kind::Number && right_kind == Kind::Number
    } else if operator.is_logical() {
        left_kind == Kind::Bool && right_kind == Kind::Bool
    } else if matches!(operator, Binary::Equal | Binary::NotEqual) {
        left_kind == right_kind && left_kind != Kind::Time
    } else {
        left_kind == Kind::Number && right_kind == Kind::Number
    };
    if !fits {
        return Err(unfit(operator, left, right));
    }
    Ok(Operand::Row(Arc::new(Expression::Binary(operator, left_side, right_side))))
}

fn unfit(operator: Binary, left: &Operand, right: &Operand) -> Mistake {
    let needs = if operator.is_arithmetic() {
        "two numbers"
    } else if operator.is_logical() {
        "two conditions"
    } else if matches!(operator, Binary::Equal | Binary::NotEqual) {
        "two values of the same kind"
    } else {
        "two numbers"
    };
    let mistake =
        Mistake::kind(format!("`{}` needs {needs}, but has {} and {}", operator.sign(), left.words(), right.words()));
    match way_out(operator, right, left).or_else(|| way_out(operator, left, right)) {
        Some(hint) => mistake.hint(hint),
        None => mistake,
    }
}

/// What was probably meant by one side, given the other.
fn way_out(operator: Binary, side: &Operand, other: &Operand) -> Option<String> {
    let kind = |operand: &Operand| operand.expression().map(|expression| expression.kind());
    let is_equality = matches!(operator, Binary::Equal | Binary::NotEqual);
    match side {
        Operand::Text(text) if kind(other) == Some(Kind::Number) && text.trim().parse::<f64>().is_ok() => {
            Some(format!("write the number without quotes: `{}`", text.trim()))
        }
        Operand::Row(row) if row.kind() == Kind::Time => {
            Some("the period already limits the time; within it compare `hour(…)` or `weekday(…)`".to_owned())
        }
        Operand::Row(row) if row.kind() == Kind::Bool && is_equality => {
            Some(format!("a yes/no value stands for itself: write `{row}` or `not {row}`"))
        }
        Operand::Row(row) if row.kind() == Kind::Bool && operator.is_arithmetic() => {
            Some(format!("to count the rows where it holds, write `count({row})`"))
        }
        Operand::Row(row) if row.kind() == Kind::Number && operator.is_logical() => {
            Some(format!("make a condition of it, such as `{row} > 0`"))
        }
        Operand::Number(number) if kind(other) == Some(Kind::Text) && is_equality => {
            Some(format!("write the text in double quotes: `\"{number}\"`"))
        }
        Operand::Row(row) if row.kind() == Kind::Text => {
            Some(format!("a text is compared by `==`, `!=` and `in`, as in `{row} in [\"Sales\", \"Support\"]`"))
        }
        Operand::Text(_) if operator.is_arithmetic() && matches!(other, Operand::Text(_)) => {
            Some("texts cannot be joined: a formula gives one number".to_owned())
        }
        Operand::Dataset(name) => Some(format!("name a column of it, as `{name}.column`")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(operator: Binary, left: Operand, right: Operand, expected: Operand) {
        assert_eq!(binary(operator, &left, &right), Ok(expected));
    }

    #[test]
    fn no_data_and_pending_are_passed_on() {
        check(Binary::Divide, Operand::Number(7.0), Operand::Number(2.0), Operand::Number(3.5));
        check(Binary::Divide, Operand::Number(7.0), Operand::Number(0.0), Operand::NoData);
        check(Binary::Divide, Operand::Number(0.0), Operand::Number(0.0), Operand::NoData);
        check(Binary::Add, Operand::NoData, Operand::Number(1.0), Operand::NoData);
        check(Binary::Greater, Operand::NoData, Operand::Number(1.0), Operand::NoData);
        check(Binary::Equal, Operand::NoData, Operand::NoData, Operand::Bool(true));
        check(Binary::Equal, Operand::Number(0.0), Operand::NoData, Operand::Bool(false));
        check(Binary::Add, Operand::Pending, Operand::NoData, Operand::Pending);
        check(Binary::Multiply, Operand::Number(-1.0), Operand::Number(0.0), Operand::Number(0.0));
    }
}
