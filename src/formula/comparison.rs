//! What a condition compares with what: `service_level < 70` says to readers where the threshold lies, and which way is
//! bad. Only names that are compared with a number or another name as they stand; anything computed is left out.

use rhai::{ASTNode, Expr, Stmt};

use super::engine::Formula;
use super::expression::Binary;

/// A name compared with something, wherever it stands in a formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The name on the left, such as a KPI.
    pub name: String,
    /// How it is compared.
    pub sign: Binary,
    /// What it is compared with.
    pub with: Compared,
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared {
    /// A number.
    Number(f64),
    /// A name, such as a parameter.
    Name(String),
}

impl Formula {
    /// The comparisons of names in the formula's own text, in the order of their mention; `70 > service_level` is turned
    /// round.
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut found = Vec::new();
        self.ast.walk(&mut |path: &[ASTNode<'_>]| {
            if let Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) = path.last()
                && let [left, right] = call.args.as_slice()
                && let Some(sign) = comparing(&call.name)
            {
                found.extend(comparison(left, sign, right).or_else(|| comparison(right, turned(sign), left)));
            }
            true
        });
        found
    }
}

fn comparison(left: &Expr, sign: Binary, right: &Expr) -> Option<Comparison> {
    let Some(Compared::Name(name)) = side(left) else { return None };
    Some(Comparison { name, sign, with: side(right)? })
}

fn side(expression: &Expr) -> Option<Compared> {
    match expression {
        // A place in the scope is known for the formula's own variables only.
        Expr::Variable(variable, ..) if variable.0.is_none() => Some(Compared::Name(variable.1.to_string())),
        Expr::IntegerConstant(number, _) => Some(Compared::Number(*number as f64)),
        Expr::FloatConstant(number, _) => Some(Compared::Number(**number)),
        _ => None,
    }
}

fn comparing(sign: &str) -> Option<Binary> {
    let signs =
        [Binary::Less, Binary::LessOrEqual, Binary::Greater, Binary::GreaterOrEqual, Binary::Equal, Binary::NotEqual];
    signs.into_iter().find(|known| known.sign() == sign)
}

/// The same comparison with its sides exchanged.
fn turned(sign: Binary) -> Binary {
    match sign {
        Binary::Less => Binary::Greater,
        Binary::LessOrEqual => Binary::GreaterOrEqual,
        Binary::Greater => Binary::Less,
        Binary::GreaterOrEqual => Binary::LessOrEqual,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::engine::FormulaEngine;
    use super::super::schema::Schema;
    use super::*;
    use crate::workspace::FormulaText;

    #[test]
    fn thresholds_are_read_off_conditions() {
        let check = |condition: &str, expected: &[&str]| {
            let engine = FormulaEngine::bare(Schema::default());
            let formula = engine.compile(&FormulaText::inline("test", condition)).unwrap();
            let written = formula.comparisons().into_iter().map(|comparison| match comparison.with {
                Compared::Number(number) => format!("{} {} {number}", comparison.name, comparison.sign.sign()),
                Compared::Name(name) => format!("{} {} {name}", comparison.name, comparison.sign.sign()),
            });
            assert_eq!(written.collect::<Vec<_>>(), expected, "{condition}");
        };
        check("service_level < 70 and offered >= 20", &["service_level < 70", "offered >= 20"]);
        check("20 <= offered or not (asa != 1.5)", &["offered >= 20", "asa != 1.5"]);
        check("balance < -5 and asa > goal", &["balance < -5", "asa > goal"]);
        check("offered > 2 * baseline(offered, 4)", &[]);
        check("let limit = 5; offered > limit; if offered > 3 { asa > 4 } else { false }", &["offered > 3", "asa > 4"]);
    }
}
