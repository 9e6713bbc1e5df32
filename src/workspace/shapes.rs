//! The one table of what each file of a workspace may contain. The check walks it; documentation and an editor's schema
//! can be printed from it. A new key is one line here and one in the `read_*` file of its kind.

use super::files::THEME_FILE;
use super::read_holidays;
use super::shape::{Choice, Field, Form, Ids, Kind, Pick, Shape, Target, Zero};
use super::shapes_of_alerts::{ALERT_FILE, DAYS};
use super::shapes_of_service::SERVICE;
use super::shapes_of_tests::TEST_FILE;
use crate::diagnostics::Code;

/// What a file of the workspace is, by its path.
#[derive(Debug)]
pub struct FileFormat {
    /// The folder, ending in `/`, in which every `.yaml` file has this shape, or the path of the one such file.
    pub place: &'static str,
    /// What such a file defines, in the plural.
    pub noun: &'static str,
    /// What it may contain.
    pub kind: Kind,
}

/// Every kind of YAML file.
pub static FILE_FORMATS: &[FileFormat] = &[
    FileFormat { place: "callbrief.yaml", noun: "settings", kind: Kind::Object(&SETTINGS) },
    FileFormat { place: "rules/datasets/", noun: "datasets", kind: Kind::Object(&DATASET) },
    FileFormat { place: "rules/kpis/", noun: "KPIs", kind: Kind::Object(&KPI_FILE) },
    FileFormat { place: "rules/alerts/", noun: "alerts", kind: Kind::Object(&ALERT_FILE) },
    FileFormat { place: "rules/reports/", noun: "reports", kind: Kind::Object(&REPORT_FILE) },
    FileFormat { place: "rules/recipients.yaml", noun: "recipients", kind: Kind::Object(&RECIPIENT_FILE) },
    FileFormat { place: read_holidays::PLACE, noun: "holidays", kind: Kind::Object(&HOLIDAY_FILE) },
    FileFormat { place: "rules/tests/", noun: "rule tests", kind: Kind::Object(&TEST_FILE) },
    FileFormat { place: THEME_FILE, noun: "the theme", kind: Kind::Object(&THEME) },
];

/// `callbrief.yaml`.
pub static SETTINGS: Shape = Shape {
    noun: "callbrief.yaml",
    fields: &[
        Field::required("timezone", Kind::Zone, "the zone of periods and schedules that name none"),
        Field::optional("locale", LANGUAGE, "the language of reports whose recipient has none; English when left out"),
        Field::required(
            "sources",
            Kind::Entries { ids: Ids::Of(Target::Source), value: &Kind::Object(&SOURCE) },
            "the databases with call data, by name",
        ),
        Field::required("journal", Kind::Object(&JOURNAL), "callbrief's own database"),
        Field::required("mail", Kind::Object(&MAIL), "how mail leaves"),
        Field::optional(
            "webhooks",
            Kind::Entries { ids: Ids::Of(Target::Webhook), value: &Kind::Object(&WEBHOOK) },
            "programs that are told of alerts over HTTPS, by name",
        ),
        Field::optional(
            "operator",
            Kind::Address,
            "who is told when alert rules or reports without an owner fail, and when data stop coming",
        ),
        Field::optional("service", Kind::Object(&SERVICE), "how `callbrief serve` runs"),
    ],
    choices: &[],
};

static SOURCE: Shape = Shape { noun: "a source", fields: DATABASE_FIELDS, choices: DATABASE_CHOICE };

static JOURNAL: Shape = Shape {
    noun: "the journal",
    fields: &[
        Field::optional(
            "url",
            Kind::DatabaseUrl,
            "the address: sqlite: with a file, or postgres:// for several processes; may hold `${VARIABLE}`",
        ),
        DATABASE_URL_FILE,
        Field::optional(
            "keep",
            Kind::Duration(Zero::Refused),
            "how long the bytes of what was sent are kept, and the numbers it was made from; 400d when left out",
        ),
    ],
    choices: DATABASE_CHOICE,
};

const DATABASE_FIELDS: &[Field] = &[DATABASE_URL, DATABASE_URL_FILE];

const DATABASE_URL: Field =
    Field::optional("url", Kind::DatabaseUrl, "the address: sqlite:, postgres:// or mysql://; may hold `${VARIABLE}`");

const DATABASE_URL_FILE: Field = Field::optional("url_file", Kind::Text, "a file that holds the address");

const DATABASE_CHOICE: &[Choice] = &[Choice { keys: &["url", "url_file"], pick: Pick::One }];

static WEBHOOK: Shape = Shape {
    noun: "a webhook",
    fields: &[
        Field::optional("url", Kind::Secret, "where it is told: https://…; may hold `${VARIABLE}`"),
        Field::optional("url_file", Kind::Text, "a file that holds the address"),
        Field::optional(
            "secret",
            Kind::Secret,
            "what both sides know and messages are signed with; best as `${VARIABLE}`",
        ),
        Field::optional("secret_file", Kind::Text, "a file that holds the secret"),
        Field::optional(
            "ca_file",
            Kind::Text,
            "a certificate authority of one's own (PEM file), besides the machine's",
        ),
        Field::optional("language", LANGUAGE, "the language of titles; the workspace's when left out"),
    ],
    choices: &[
        Choice { keys: &["url", "url_file"], pick: Pick::One },
        Choice { keys: &["secret", "secret_file"], pick: Pick::One },
    ],
};

static MAIL: Shape = Shape {
    noun: "the mail settings",
    fields: &[
        Field::required("from", Kind::Mailbox, "the sender, as in `Reports <reports@example.com>`"),
        Field::required("transport", TRANSPORT, "how mail leaves"),
        Field::optional("folder", Kind::Text, "the folder of the transport `folder`, relative to the workspace"),
        Field::optional("smtp", Kind::Object(&SMTP), "the mail server of the transport `smtp`"),
        Field::optional("on_unknown", ON_UNKNOWN, "what happens when nobody knows whether a message was taken"),
    ],
    choices: &[],
};

const ON_UNKNOWN: Kind = Kind::OneOf(&[
    ("resend", "it is sent again with the same Message-ID: it may come twice"),
    ("hold", "it is kept and its owner is told: perhaps it did not come"),
]);

const TRANSPORT: Kind =
    Kind::OneOf(&[("folder", "files in a folder, for trying things out"), ("smtp", "a mail server")]);

static SMTP: Shape = Shape {
    noun: "the SMTP settings",
    fields: &[
        Field::required("host", Kind::Text, "the server's name, which its certificate must carry"),
        Field::optional("port", Kind::Integer(1, 65_535), "the port; 465 for tls, 587 for starttls, 25 for none"),
        Field::optional("tls", TLS, "how the connection is protected; starttls when left out"),
        Field::optional("user", Kind::Text, "the user to log in as; no login when left out"),
        Field::optional("password", Kind::Secret, "the password, as `${VARIABLE}`"),
        Field::optional("password_file", Kind::Text, "a file that holds the password"),
        Field::optional("ca_file", Kind::Text, "a certificate authority of one's own, as a PEM file"),
        Field::optional(
            "messages_per_minute",
            Kind::Integer(1, 100_000),
            "how many messages the server takes within a minute; no limit when left out",
        ),
        Field::optional(
            "messages_per_connection",
            Kind::Integer(1, 100_000),
            "how many messages it takes over one connection; 100 when left out",
        ),
        Field::optional(
            "message_megabytes",
            Kind::Integer(1, 1_000),
            "how large a message may be, with its files; no limit when left out",
        ),
    ],
    choices: &[Choice { keys: &["password", "password_file"], pick: Pick::AtMostOne }],
};

const TLS: Kind = Kind::OneOf(&[
    ("starttls", "encrypted after the greeting, usually port 587"),
    ("tls", "encrypted from the first byte, usually port 465"),
    ("none", "not encrypted, for a server on this machine only"),
]);

/// A language's code.
pub(super) const LANGUAGE: Kind = Kind::OneOf(&[("en", "English"), ("ru", "Russian")]);

/// `rules/datasets/*.yaml`.
pub static DATASET: Shape = Shape {
    noun: "a dataset",
    fields: &[
        Field::required("dataset", Kind::Id(Target::Dataset), "its id"),
        Field::required("source", Kind::Name(Target::Source), "the database it is read from"),
        Field::required("time", Kind::Text, "the column that places a row in a period"),
        Field::required(
            "query",
            Kind::Text,
            "the SQL; `:from` and `:to` stand for the period's first instant and its end",
        ),
        Field::required(
            "columns",
            Kind::Entries { ids: Ids::Columns, value: &Kind::ShortOr(&COLUMN_TYPE, &COLUMN) },
            "the columns formulas may use, with their types",
        ),
    ],
    choices: &[],
};

static COLUMN: Shape = Shape {
    noun: "a column",
    fields: &[
        Field::required("type", COLUMN_TYPE, "what its values are"),
        Field::optional("stored_as", STORED_AS, "how the database stores an instant; needed for the type time"),
        Field::optional("timezone", Kind::Zone, "the zone of a time stored as `local`; the workspace's when left out"),
        Field::optional("title", Kind::Localized, "its name for people"),
    ],
    choices: &[],
};

const COLUMN_TYPE: Kind = Kind::OneOf(&[
    ("time", "an instant"),
    ("text", "text; can be a dimension"),
    ("number", "a number"),
    ("duration", "a length of time in seconds"),
    ("bool", "yes or no, stored as boolean or as 0 and 1"),
]);

const STORED_AS: Kind = Kind::OneOf(&[
    ("utc_text", "text YYYY-MM-DD HH:MM:SS in UTC"),
    ("unix_s", "seconds since 1970"),
    ("unix_ms", "milliseconds since 1970"),
    ("timestamptz", "an instant of the database's own type"),
    ("local", "a date and time without a zone"),
]);

static KPI_FILE: Shape = Shape {
    noun: "a file of KPIs",
    fields: &[
        Field::optional(
            "parameters",
            Kind::Entries { ids: Ids::Of(Target::Parameter), value: &Kind::ShortOr(&Kind::Number, &PARAMETER) },
            "numbers that formulas, conditions and texts of the whole workspace share, by name",
        ),
        Field::optional(
            "kpis",
            Kind::Entries { ids: Ids::Of(Target::Kpi), value: &Kind::Object(&KPI) },
            "the KPIs by id",
        ),
    ],
    choices: &[],
};

/// A parameter in its long form.
static PARAMETER: Shape = Shape {
    noun: "a parameter",
    fields: &[
        Field::required("value", Kind::Number, "its value; for a duration in seconds"),
        Field::optional("unit", UNIT, "what the value is, and with it how texts write it; number when left out"),
        Field::optional("title", Kind::Localized, "its name for people; the id when left out"),
        Field::optional("description", Kind::Localized, "what it is for"),
    ],
    choices: &[],
};

/// A KPI.
pub static KPI: Shape = Shape {
    noun: "a KPI",
    fields: &[
        Field::optional(
            "title",
            Kind::Localized,
            "its name for people; the id when left out; `{name}` stands for a parameter's value",
        ),
        Field::optional(
            "description",
            Kind::Localized,
            "what it measures, with its denominator; `{name}` stands for a parameter's value",
        ),
        Field::optional(
            "dataset",
            Kind::Name(Target::Dataset),
            "the dataset whose columns the formula may use by name",
        ),
        Field::optional("formula", Kind::Formula, "the formula"),
        Field::optional("script", Kind::Text, "a file in rules/functions/ that holds the formula"),
        Field::required("unit", UNIT, "what the value is, and with it how it is shown"),
        Field::optional("decimals", Kind::Integer(0, 6), "digits after the decimal point"),
        Field::optional("better", DIRECTION, "which way is good; neither when left out"),
        Field::optional("target", Kind::Number, "the value to reach"),
        Field::optional("warn", Kind::Number, "the value from which \"not quite\" becomes \"bad\""),
        Field::optional("no_data", Kind::NumberOrNull, "what stands for \"no data\"; nothing when null or left out"),
    ],
    choices: &[Choice { keys: &["formula", "script"], pick: Pick::One }],
};

const UNIT: Kind = Kind::OneOf(&[
    ("count", "how many"),
    ("percent", "percent"),
    ("duration", "seconds, shown as 0:42 or 1:02:03"),
    ("number", "a number with two decimals"),
    ("money", "money"),
]);

const DIRECTION: Kind =
    Kind::OneOf(&[("higher", "higher is better"), ("lower", "lower is better"), ("neither", "shown without colour")]);

static REPORT_FILE: Shape = Shape {
    noun: "a file of reports",
    fields: &[Field::required(
        "reports",
        Kind::Entries { ids: Ids::Of(Target::Report), value: &Kind::Object(&REPORT) },
        "the reports by id",
    )],
    choices: &[],
};

/// A report.
pub static REPORT: Shape = Shape {
    noun: "a report",
    fields: &[
        Field::optional("title", Kind::Localized, "its name for people; the id when left out"),
        Field::optional("schedule", Kind::Object(&SCHEDULE), "when it runs by itself; never when left out"),
        Field::required("period", Kind::Period, "the period it is about, such as previous_week"),
        Field::optional("compare", COMPARE, "what it is compared with; nothing when left out"),
        Field::required("template", Kind::Name(Target::Template), "the folder of its template in report-templates/"),
        Field::optional(
            "data",
            Kind::Entries { ids: Ids::Data, value: &Kind::Object(&DATA) },
            "named results for the template's tables and charts",
        ),
        Field::optional("formats", Kind::List(1, &FORMAT), "the files that are made; [html, pdf] when left out"),
        Field::optional(
            "attach",
            Kind::List(0, &FORMAT),
            "those of the files that go with the mail; of pdf and xlsx those that are made when left out",
        ),
        Field::optional("pdf", Kind::Object(&PDF), "how the PDF is made: its paper, its password"),
        Field::optional("recipients", Kind::List(0, &Kind::Name(Target::Recipients)), "groups of recipients"),
        Field::optional("owner", Kind::Address, "who is told when it fails"),
        Field::optional("on_unknown", ON_UNKNOWN, "what happens when nobody knows whether a message of it was taken"),
        Field::optional("language", LANGUAGE, "its language; the workspace's when left out"),
        Field::optional(
            "only_if",
            Kind::Formula,
            "a condition over the period's KPIs; a scheduled run sends the report only where it is true",
        ),
        Field::optional(
            "skip_when_empty",
            Kind::YesNo,
            "whether a scheduled run sends nothing when the period has no rows; false when left out",
        ),
        Field::optional("complete_by", Kind::Object(&COMPLETE_BY), "the data a scheduled run waits for"),
    ],
    choices: &[],
};

static COMPLETE_BY: Shape = Shape {
    noun: "what a report waits for",
    fields: &[
        Field::required(
            "data",
            Kind::List(1, &Kind::Name(Target::Dataset)),
            "the datasets whose newest row tells whether the data are there",
        ),
        Field::required(
            "deadline",
            Kind::TimeOfDay,
            "the time, in the schedule's zone, at which the report goes out as it is, with a note",
        ),
        Field::optional(
            "tolerance",
            Kind::Duration(Zero::Allowed),
            "how long before the period's end the newest row may lie; as in the four weeks before when left out",
        ),
    ],
    choices: &[],
};

static SCHEDULE: Shape = Shape {
    noun: "a schedule",
    fields: &[
        Field::required("cron", Kind::Text, "minute, hour, day, month, weekday, such as \"0 8 * * MON\""),
        Field::optional("timezone", Kind::Zone, "the zone of the pattern; the workspace's when left out"),
        Field::optional("misfire", MISFIRE, "what happens to instants that were missed; fire_once when left out"),
        Field::optional(
            "catchup_window",
            Kind::Duration(Zero::Allowed),
            "how late a missed instant may still be made up for; 1d when left out",
        ),
        Field::optional("overlap", OVERLAP, "what happens when the run before is not over; wait when left out"),
        Field::optional(
            "start_deadline",
            Kind::Duration(Zero::Refused),
            "a run that has not started so long after its instant fails; it may start however late when left out",
        ),
        Field::optional(
            "jitter",
            Kind::Duration(Zero::Allowed),
            "it starts up to so much earlier, each report at its own time, so that not all start at once; 0s when left out",
        ),
        Field::optional("holidays", HOLIDAYS, "calendars of rules/holidays.yaml on whose days it does not run"),
    ],
    choices: &[],
};

/// `rules/holidays.yaml`.
static HOLIDAY_FILE: Shape = Shape {
    noun: "a file of holidays",
    fields: &[Field::required(
        read_holidays::KEY,
        Kind::Entries { ids: Ids::Of(Target::Holidays), value: &Kind::List(1, &Kind::Written(&DAYS)) },
        "calendars by name, each a list of days",
    )],
    choices: &[],
};

/// Calendars that a schedule or an alert rule keeps.
pub(super) const HOLIDAYS: Kind = Kind::OneOrMore(&Kind::Name(Target::Holidays));

const OVERLAP: Kind = Kind::OneOf(&[
    ("wait", "it runs when that one is over"),
    ("skip", "it does not run; the skip is recorded"),
    ("allow", "it runs beside that one"),
]);

const MISFIRE: Kind = Kind::OneOf(&[
    ("fire_once", "one run for all of them"),
    ("fire_all", "a run for each"),
    ("skip", "none; the skip is recorded"),
]);

const COMPARE: Kind = Kind::OneOf(&[
    ("nothing", "nothing"),
    ("previous_period", "the period of the same kind just before"),
    ("previous_week", "the same days a week earlier"),
    ("previous_year", "the same period a year earlier"),
]);

static DATA: Shape = Shape {
    noun: "a data block",
    fields: &[
        Field::required("kpis", Kind::List(1, &Kind::Name(Target::Kpi)), "the KPIs, in the order of the columns"),
        Field::optional("by", Kind::List(0, &Kind::Grouping), "what the rows are, such as [queue] or [day]"),
        Field::optional("sort", Kind::Name(Target::Kpi), "the KPI rows are sorted by, worst first"),
        Field::optional("limit", Kind::Integer(1, 10_000), "at most so many rows"),
        Field::optional(
            "periods",
            Kind::Integer(2, 60),
            "for trends: how many periods it looks back over, the report's own included",
        ),
    ],
    choices: &[],
};

const FORMAT: Kind = Kind::OneOf(&[
    ("html", "a page"),
    ("pdf", "a PDF"),
    ("text", "plain text"),
    ("xlsx", "a workbook with a sheet for each table"),
    ("csv", "a file for each table"),
]);

static PDF: Shape = Shape {
    noun: "the PDF settings",
    fields: &[
        Field::optional("paper", PAPER, "the paper's size; a4 when left out"),
        Field::optional("orientation", ORIENTATION, "which way the paper lies; portrait when left out"),
        Field::optional("password", Kind::Secret, "the password that opens the file, as `${VARIABLE}`"),
        Field::optional("password_file", Kind::Text, "a file that holds the password"),
    ],
    choices: &[Choice { keys: &["password", "password_file"], pick: Pick::AtMostOne }],
};

const PAPER: Kind = Kind::OneOf(&[("a4", "210 × 297 mm"), ("letter", "8½ × 11 inches")]);

const ORIENTATION: Kind = Kind::OneOf(&[("portrait", "upright"), ("landscape", "on its long side")]);

static RECIPIENT_FILE: Shape = Shape {
    noun: "recipients.yaml",
    fields: &[Field::required(
        "recipients",
        Kind::Entries {
            ids: Ids::Of(Target::Recipients),
            value: &Kind::ShortOr(&Kind::List(1, &Kind::ShortOr(&Kind::Mailbox, &RECIPIENT)), &RECIPIENT_QUERY),
        },
        "the groups, each a list of addresses or a query that gives them",
    )],
    choices: &[],
};

pub(super) static RECIPIENT: Shape = Shape {
    noun: "a recipient",
    fields: &[
        Field::optional("address", Kind::Address, "the e-mail address"),
        Field::optional("name", Kind::Text, "the name"),
        Field::optional("language", LANGUAGE, "the language; the report's when left out"),
        Field::optional(
            "timezone",
            Kind::Zone,
            "the zone the report's period is computed in; the report's when left out",
        ),
        Field::optional(
            "scope",
            Kind::Entries { ids: Ids::Columns, value: &Kind::List(1, &Kind::Text) },
            "the rows a report is made of, by dimension, such as { queue: [Sales] }; all of them when left out",
        ),
        Field::optional("group", Kind::Name(Target::Recipients), "everyone of another group, instead of an address"),
        Field::optional(
            "webhook",
            Kind::Name(Target::Webhook),
            "a program that is told of alerts, instead of an address",
        ),
    ],
    choices: &[
        Choice { keys: &["address", "group", "webhook"], pick: Pick::One },
        Choice { keys: &["webhook", "name"], pick: Pick::AtMostOne },
        Choice { keys: &["webhook", "language"], pick: Pick::AtMostOne },
        Choice { keys: &["webhook", "timezone"], pick: Pick::AtMostOne },
        Choice { keys: &["webhook", "scope"], pick: Pick::AtMostOne },
        Choice { keys: &["group", "name"], pick: Pick::AtMostOne },
        Choice { keys: &["group", "language"], pick: Pick::AtMostOne },
        Choice { keys: &["group", "timezone"], pick: Pick::AtMostOne },
        Choice { keys: &["group", "scope"], pick: Pick::AtMostOne },
    ],
};

static RECIPIENT_QUERY: Shape = Shape {
    noun: "a group of recipients from a query",
    fields: &[
        Field::required("source", Kind::Name(Target::Source), "the database that knows them"),
        Field::required(
            "query",
            Kind::Text,
            "the SQL; it delivers `address`, and may deliver `name`, `language`, `timezone` and the columns of `scope`",
        ),
        Field::optional(
            "scope",
            Kind::List(1, &Kind::Text),
            "the query's columns that are dimensions of the data: each recipient gets only the rows with their values",
        ),
    ],
    choices: &[],
};

static FONTS: Shape = Shape {
    noun: "the fonts",
    fields: &[
        Field::optional(
            "regular",
            Kind::Text,
            "a TrueType or OpenType file beside this one, for charts, PDFs and pages",
        ),
        Field::optional("bold", Kind::Text, "the same for headings and totals; the regular one when left out"),
        Field::optional("italic", Kind::Text, "the same for remarks; the regular one when left out"),
        Field::optional(
            "families",
            Kind::OneOrMore(&Kind::Written(&FAMILY)),
            "fonts that readers' machines have, the best first: mail programs load none from outside",
        ),
    ],
    choices: &[],
};

static FAMILY: Form = Form {
    fault: |text| {
        let plain = |character: char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
        let strange = text.trim().chars().find(|character| !plain(*character))?;
        Some(format!("`{strange}` is in no font's name"))
    },
    code: Code::BadValue,
    pattern: "^[^\"'<>;:,{}()&]+$",
    allowed: "a name such as Georgia, PT Serif or sans-serif",
};

/// `report-templates/theme/theme.yaml`.
pub static THEME: Shape = Shape {
    noun: "the theme",
    fields: &[
        Field::optional("name", Kind::Localized, "the house's name, above every report's title"),
        Field::optional("logo", Kind::Text, "a PNG or SVG beside this file, shown at most 200 x 56 pixels large"),
        Field::optional("footer", Kind::Localized, "a line at the foot of every report, such as the house's address"),
        Field::optional("fonts", Kind::Object(&FONTS), "the house's fonts"),
        Field::optional("brand", Kind::Color, "headings, the band at the top, this period in charts"),
        Field::optional("brand_tint", Kind::Color, "a light tint of the brand: table headers"),
        Field::optional("ink", Kind::Color, "running text"),
        Field::optional("muted", Kind::Color, "captions, footers, axis labels"),
        Field::optional("line", Kind::Color, "hairlines and grid lines"),
        Field::optional("stripe", Kind::Color, "every other row of a table, tiles"),
        Field::optional("good", Kind::Color, "target reached"),
        Field::optional("near", Kind::Color, "near the target"),
        Field::optional("bad", Kind::Color, "beyond the warning value"),
        Field::optional("good_tint", Kind::Color, "the background of what reached its target"),
        Field::optional("near_tint", Kind::Color, "the background of what is near its target, and of notes"),
        Field::optional("bad_tint", Kind::Color, "the background of what is beyond its warning value"),
    ],
    choices: &[],
};
