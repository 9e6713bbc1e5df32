//! The function library: one file per function, each with its documentation and examples as data. What a function is
//! stands in `function`, how it reads its arguments in `call`; how they get into Rhai is in `formula::engine`.

mod abs;
mod across;
mod answers;
mod avg;
mod baseline;
mod call;
mod ceil;
mod ces;
mod ces_share;
mod contains;
mod count;
mod csat;
mod csat_mean;
mod csat_share;
mod deviation;
mod distinct;
mod documentation;
mod dsat;
mod ends_with;
mod erlang;
mod erlang_c;
mod erlang_service_level;
mod erlang_wait;
mod example_rows;
mod floor;
mod function;
mod hour;
mod if_null;
mod interval_s;
mod is_null;
mod max;
mod median;
mod min;
mod nps;
mod per_hour;
mod per_thousand;
mod percent;
mod percentile;
mod previous;
mod ratio;
mod required_agents;
mod round;
mod same_time;
mod service_level;
mod sqrt;
mod starts_with;
mod stddev;
mod sum;
mod traffic;
pub(super) mod unusual;
mod usual;
mod weekday;

pub(crate) use call::Call;
pub use documentation::documentation;
pub use example_rows::EXAMPLE_ROWS;
use function::CONDITION;
pub use function::{Accepts, Category, Example, Function, Parameter};

/// Every function, by name.
pub fn all() -> &'static [&'static Function] {
    &[
        &abs::ABS,
        &across::ACROSS,
        &avg::AVG,
        &baseline::BASELINE,
        &ceil::CEIL,
        &ces::CES,
        &ces_share::CES_SHARE,
        &contains::CONTAINS,
        &count::COUNT,
        &csat::CSAT,
        &csat_mean::CSAT_MEAN,
        &csat_share::CSAT_SHARE,
        &deviation::DEVIATION,
        &distinct::DISTINCT,
        &dsat::DSAT,
        &ends_with::ENDS_WITH,
        &erlang_c::ERLANG_C,
        &erlang_service_level::ERLANG_SERVICE_LEVEL,
        &erlang_wait::ERLANG_WAIT,
        &floor::FLOOR,
        &hour::HOUR,
        &if_null::IF_NULL,
        &interval_s::INTERVAL_S,
        &is_null::IS_NULL,
        &max::MAX,
        &median::MEDIAN,
        &min::MIN,
        &nps::NPS,
        &per_hour::PER_HOUR,
        &per_thousand::PER_THOUSAND,
        &percent::PERCENT,
        &percentile::PERCENTILE,
        &previous::PREVIOUS,
        &ratio::RATIO,
        &required_agents::REQUIRED_AGENTS,
        &round::ROUND,
        &same_time::SAME_TIME,
        &service_level::SERVICE_LEVEL,
        &sqrt::SQRT,
        &starts_with::STARTS_WITH,
        &stddev::STDDEV,
        &sum::SUM,
        &traffic::TRAFFIC,
        &unusual::UNUSUAL,
        &weekday::WEEKDAY,
    ]
}
