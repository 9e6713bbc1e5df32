//! `service_level`: the share of calls that were answered in time, in the variants of the trade. Which calls each variant
//! counts is a table here; the columns it counts them by are those of the KPI's dataset.

use std::sync::Arc;

use super::{Accepts, CONDITION, Call, Category, Example, Function, Parameter};
use crate::diagnostics::nearest;
use crate::formula::aggregate::AggregateFunction;
use crate::formula::expression::{Binary, Exact, Expression, Kind};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::formula::operators;

pub(super) const SERVICE_LEVEL: Function = Function {
    name: "service_level",
    category: Category::Rates,
    usage: &[
        "service_level(threshold, method)",
        "service_level(threshold, method, condition)",
        "service_level(threshold, method, short)",
        "service_level(threshold, method, short, condition)",
    ],
    summary: "The share of calls that were answered in time, from the columns `answered`, `abandoned` (both yes or no) and \
              `wait_s` (seconds) of the KPI's dataset.",
    parameters: &[
        Parameter::required(
            "threshold",
            Accepts::Number,
            "seconds; a call that waited exactly so long was answered in time",
        ),
        Parameter::required(
            "method",
            Accepts::OneOf(&WORDS),
            "which calls count; with `+flowouts` at its end, as in \"all_offered+flowouts\", calls that are neither \
             answered nor abandoned are added to the denominator",
        ),
        Parameter::optional(
            "short",
            Accepts::Number,
            "seconds; a caller who hung up before is a short abandon, one who waited exactly so long is not",
            "none; only `exclude_short` and `short_ok` need it",
        ),
        CONDITION,
    ],
    result: "percent, 0 to 100",
    formula: "calls answered within the threshold / calls that count × 100, see the methods; no data when none counts",
    elsewhere: Some(
        "there is no single service level: vendors differ in what they do with abandoned calls, so give the method, the \
         threshold and the limit of short abandons wherever the figure is shown",
    ),
    examples: &[
        Example { formula: "service_level(20, \"all_offered\")", result: Some(60.0) },
        Example { formula: "service_level(20, \"answered_only\")", result: Some(75.0) },
        // A wait of exactly the threshold is in time.
        Example { formula: "service_level(30, \"abandon_in_threshold_ok\")", result: Some(80.0) },
        Example { formula: "service_level(30, \"exclude_abandoned_in_threshold\")", result: Some(75.0) },
        Example { formula: "service_level(20, \"exclude_short\", 31)", result: Some(75.0) },
        // A wait of exactly the limit is no short abandon.
        Example { formula: "service_level(20, \"short_ok\", 30)", result: Some(60.0) },
        Example { formula: "service_level(20, \"short_ok\", 31)", result: Some(80.0) },
        Example {
            formula: "service_level(20, \"all_offered+flowouts\", queue == \"Sales\")",
            result: Some(200.0 / 3.0),
        },
        Example { formula: "service_level(20, \"all_offered\", queue == \"nobody\")", result: None },
    ],
    arity: 2..=4,
    call: run,
};

/// A set of calls that is counted.
#[derive(Clone, Copy, PartialEq)]
enum Calls {
    Answered,
    AnsweredInTime,
    Abandoned,
    AbandonedInTime,
    AbandonedShort,
    FlowedOut,
}

/// One variant: its calls in time / (the calls that count − those left out).
struct Method {
    name: &'static str,
    meaning: &'static str,
    good: &'static [Calls],
    counting: &'static [Calls],
    left_out: &'static [Calls],
}

/// The variants with those who use them; ICMI's numbers are of its "Service Level Calculations", 2002.
const METHODS: [Method; 6] = {
    use Calls::{Abandoned, AbandonedInTime, AbandonedShort, Answered, AnsweredInTime};
    [
        Method {
            name: "answered_only",
            meaning: "answered in time / answered (Asterisk, Wazo, VICIdial TMR, Altigen; ICMI 2)",
            good: &[AnsweredInTime],
            counting: &[Answered],
            left_out: &[],
        },
        Method {
            name: "all_offered",
            meaning: "answered in time / (answered + abandoned) (Genesys, COPC, Vonage; ICMI 3)",
            good: &[AnsweredInTime],
            counting: &[Answered, Abandoned],
            left_out: &[],
        },
        Method {
            name: "exclude_abandoned_in_threshold",
            meaning: "answered in time / (answered + abandoned after the threshold) (Bright Pattern, XCALLY; ICMI 4)",
            good: &[AnsweredInTime],
            counting: &[Answered, Abandoned],
            left_out: &[AbandonedInTime],
        },
        Method {
            name: "exclude_short",
            meaning: "answered in time / (answered + abandoned, short ones left out) (RingCentral, a Genesys switch)",
            good: &[AnsweredInTime],
            counting: &[Answered, Abandoned],
            left_out: &[AbandonedShort],
        },
        Method {
            name: "abandon_in_threshold_ok",
            meaning: "(answered + abandoned in time) / (answered + abandoned) (AWS Connect, Talkdesk, Cisco; ICMI 1)",
            good: &[AnsweredInTime, AbandonedInTime],
            counting: &[Answered, Abandoned],
            left_out: &[],
        },
        Method {
            name: "short_ok",
            meaning: "(answered in time + short abandons) / (answered + abandoned) (ICMI 5)",
            good: &[AnsweredInTime, AbandonedShort],
            counting: &[Answered, Abandoned],
            left_out: &[],
        },
    ]
};

/// The methods' names and meanings, as the reference shows them.
const WORDS: [(&str, &str); 6] = {
    let mut words = [("", ""); 6];
    let mut index = 0;
    while index < words.len() {
        words[index] = (METHODS[index].name, METHODS[index].meaning);
        index += 1;
    }
    words
};

/// What a method's name ends with when calls that flowed out count too.
const FLOW_OUTS: &str = "+flowouts";

fn run(call: &mut Call<'_>) -> Result<Operand, Mistake> {
    let (method, flow_outs) = method(call)?;
    let columns = Columns::of(call)?;
    if let Some(unknown) = call.unknown() {
        return Ok(unknown);
    }
    let threshold = call.number(0)?;
    let has_short = call.arguments.len() == 4 || matches!(call.argument(2), Some(Operand::Number(_)));
    let short = if has_short { Some(call.number(2)?) } else { None };
    let condition = call.condition_argument(if has_short { 3 } else { 2 })?;
    let needs_short = [method.good, method.left_out].concat().contains(&Calls::AbandonedShort);
    let short = match (short, needs_short) {
        (None, true) => {
            return Err(Mistake::kind(format!("`{}` needs to know which abandoned calls are short", method.name))
                .hint(format!("give the limit in seconds, as in `service_level(20, \"{}\", 5)`", method.name))
                .of_argument(1));
        }
        (Some(_), false) => {
            return Err(Mistake::kind(format!("`{}` knows no short abandons", method.name))
                .hint("remove the limit, or use \"exclude_short\" or \"short_ok\"")
                .of_argument(2));
        }
        (short, _) => short.unwrap_or_default(),
    };
    let mut sum = |parts: &[Calls]| {
        let mut total = Operand::Number(0.0);
        for part in parts {
            let mut rows = columns.condition(*part, threshold, short);
            if let Some(condition) = &condition {
                rows = Expression::Binary(Binary::And, Arc::new(rows), Arc::clone(condition));
            }
            let count = call.fetch(AggregateFunction::Count, None, Some(Arc::new(rows)))?;
            total = operators::binary(Binary::Add, &total, &count)?;
        }
        Ok(total)
    };
    let good = sum(method.good)?;
    let counting = sum(method.counting)?;
    let flowed_out = sum(if flow_outs { &[Calls::FlowedOut] } else { &[] })?;
    let left_out = sum(method.left_out)?;
    let all = operators::binary(Binary::Add, &counting, &flowed_out)?;
    let all = operators::binary(Binary::Subtract, &all, &left_out)?;
    operators::binary(Binary::Divide, &operators::binary(Binary::Multiply, &Operand::Number(100.0), &good)?, &all)
}

/// The method that is named, and whether calls that flowed out count.
fn method(call: &Call<'_>) -> Result<(&'static Method, bool), Mistake> {
    let Some(Operand::Text(written)) = call.argument(1) else {
        let found = call.argument(1).map_or_else(String::new, |other| format!(", but has {}", other.words()));
        return Err(Mistake::kind(format!("`service_level` needs the name of a method in second place{found}"))
            .hint("write it in quotes, as in `service_level(20, \"all_offered\")`")
            .of_argument(1));
    };
    let (name, flow_outs) = match written.strip_suffix(FLOW_OUTS) {
        Some(name) => (name, true),
        None => (&**written, false),
    };
    if let Some(method) = METHODS.iter().find(|method| method.name == name) {
        return Ok((method, flow_outs));
    }
    let hint = match nearest(name, METHODS.iter().map(|method| method.name)) {
        Some(near) => format!("did you mean \"{near}{}\"?", if flow_outs { FLOW_OUTS } else { "" }),
        None => {
            let names: Vec<String> = METHODS.iter().map(|method| format!("\"{}\"", method.name)).collect();
            format!("there are {}; each may end in {FLOW_OUTS}", names.join(", "))
        }
    };
    let shown: String = written.chars().take(60).flat_map(char::escape_debug).collect();
    Err(Mistake::kind(format!("`service_level` has no method \"{shown}\"")).hint(hint).of_argument(1))
}

/// The columns that say what became of a call.
struct Columns {
    answered: Arc<Expression>,
    abandoned: Arc<Expression>,
    wait: Arc<Expression>,
}

impl Columns {
    fn of(call: &Call<'_>) -> Result<Self, Mistake> {
        let Some(dataset) = call.state.dataset.clone() else {
            return Err(Mistake::kind("`service_level` does not know which dataset's calls to take")
                .hint("add `dataset:` to the KPI"));
        };
        let find = |name: &str| match call.state.schema().find_column(&dataset, name) {
            Some(Operand::Row(column)) => Some(column),
            _ => None,
        };
        let columns = [find("answered"), find("abandoned"), find("wait_s")];
        if let [Some(answered), Some(abandoned), Some(wait)] = columns {
            for (column, kind) in [(&answered, Kind::Bool), (&abandoned, Kind::Bool), (&wait, Kind::Number)] {
                if column.kind() != kind {
                    let (is, needed) = (column.kind().words(), kind.words());
                    return Err(Mistake::kind(format!("`service_level` needs `{column}` as {needed}, but it is {is}"))
                        .hint("change the column's type in the dataset, or what its query gives"));
                }
            }
            return Ok(Self { answered, abandoned, wait });
        }
        let names = ["answered", "abandoned", "wait_s"];
        let missing: Vec<String> = names
            .iter()
            .zip(&columns)
            .filter(|(_, column)| column.is_none())
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        Err(Mistake::kind(format!("`service_level` needs columns that `{dataset}` lacks: {}", missing.join(", "))).hint(
            "give the dataset columns of these names, or write the formula out, as in `percent(count(answered and wait_s \
             <= 20), count())`",
        ))
    }

    /// Which rows these calls are. Calls whose `answered`, `abandoned` or wait is not known are no such calls.
    fn condition(&self, calls: Calls, threshold: f64, short: f64) -> Expression {
        let both =
            |left: Expression, right: Expression| Expression::Binary(Binary::And, Arc::new(left), Arc::new(right));
        let (answered, abandoned) = (|| (*self.answered).clone(), || (*self.abandoned).clone());
        let wait = |operator: Binary, limit: f64| {
            Expression::Binary(operator, Arc::clone(&self.wait), Arc::new(Expression::Number(Exact(limit))))
        };
        match calls {
            Calls::Answered => answered(),
            Calls::AnsweredInTime => both(answered(), wait(Binary::LessOrEqual, threshold)),
            Calls::Abandoned => abandoned(),
            Calls::AbandonedInTime => both(abandoned(), wait(Binary::LessOrEqual, threshold)),
            Calls::AbandonedShort => both(abandoned(), wait(Binary::Less, short)),
            Calls::FlowedOut => {
                both(Expression::Not(Arc::clone(&self.answered)), Expression::Not(Arc::clone(&self.abandoned)))
            }
        }
    }
}
