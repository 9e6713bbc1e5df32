//! The words in which `shapes` says what a file may contain: plain data, so that the check, the documentation and an
//! editor's schema can all be made from the one table. No checking here.

use crate::diagnostics::Code;

/// A map with known keys.
#[derive(Debug)]
pub struct Shape {
    /// What it is, with its article: "a KPI".
    pub noun: &'static str,
    /// The keys it may have, in the order in which they are best written.
    pub fields: &'static [Field],
    /// Keys that need or exclude each other.
    pub choices: &'static [Choice],
}

/// A key.
#[derive(Debug)]
pub struct Field {
    /// The key as it is written.
    pub name: &'static str,
    /// Whether it must be there.
    pub presence: Presence,
    /// What its value may be.
    pub kind: Kind,
    /// What it is for: one sentence without a full stop.
    pub doc: &'static str,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It need not.
    Optional,
}

/// Keys of which not every number may be given.
#[derive(Debug)]
pub struct Choice {
    /// The keys.
    pub keys: &'static [&'static str],
    /// How many of them.
    pub pick: Pick,
}

/// How many of some keys may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// One must.
    One,
    /// Not two of them.
    AtMostOne,
    /// Not none of them.
    AtLeastOne,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text that is not blank.
    Text,
    /// A text, or texts by language.
    Localized,
    /// A formula.
    Formula,
    /// A password or the like.
    Secret,
    /// A number.
    Number,
    /// A number, or `null`.
    NumberOrNull,
    /// A whole number from the first to the second, both included.
    Integer(i64, i64),
    /// A length of time such as `5m`; the flag says whether zero makes sense.
    Duration(Zero),
    /// A local time such as `10:00`.
    TimeOfDay,
    /// Yes or no.
    YesNo,
    /// A text of a form of its own, such as `08:00-20:00`.
    Written(&'static Form),
    /// A time zone.
    Zone,
    /// A period's name.
    Period,
    /// A dimension's name or a time bucket.
    Grouping,
    /// An e-mail address.
    Address,
    /// An e-mail address, with or without a name before it.
    Mailbox,
    /// The address of a database.
    DatabaseUrl,
    /// A colour such as `#1f4e79`.
    Color,
    /// One of these words, each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// The name of something that is defined elsewhere in the workspace.
    Name(Target),
    /// The id of the thing this file defines.
    Id(Target),
    /// A map from ids to values of the same kind; what it defines, if its ids can be named elsewhere.
    Entries {
        /// What the ids name.
        ids: Ids,
        /// What each value may be.
        value: &'static Kind,
    },
    /// A list with at least so many items of one kind.
    List(usize, &'static Kind),
    /// One value of this kind, or a list of them.
    OneOrMore(&'static Kind),
    /// A map with known keys.
    Object(&'static Shape),
    /// Rows of a table: a list of maps or a table drawn as text, and where that is allowed a map as the only row. Their
    /// columns are looked at by the readers.
    Rows(Alone),
    /// A single value or rows of the first kind, as the short form of the object.
    ShortOr(&'static Kind, &'static Shape),
}

/// How a text is written that is neither free nor one of a few words.
#[derive(Debug)]
pub struct Form {
    /// What is wrong with a text; nothing when it can be read. A number or yes or no, which YAML takes for one, always is.
    pub fault: fn(&str) -> Option<String>,
    /// The code of a mistake in it.
    pub code: Code,
    /// A pattern for editors that accepts whatever can be read.
    pub pattern: &'static str,
    /// What to write, with examples.
    pub allowed: &'static str,
}

/// Whether a duration of zero makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// It does.
    Allowed,
    /// It does not.
    Refused,
}

/// Whether a single row can stand without a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// It can.
    Allowed,
    /// It cannot.
    Refused,
}

/// What the ids of a map name, and with it what they may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// Things that can be named from everywhere in the workspace.
    Of(Target),
    /// A dataset's columns.
    Columns,
    /// A report's data blocks.
    Data,
    /// Things that are defined elsewhere; nothing is defined here.
    Known(Target),
    /// Rule tests.
    Tests,
    /// Tables of a database.
    Tables,
}

/// Things that have a name in the whole workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Databases under `sources:`.
    Source,
    /// Datasets.
    Dataset,
    /// KPIs.
    Kpi,
    /// Parameters.
    Parameter,
    /// Alert rules.
    Alert,
    /// Reports.
    Report,
    /// Folders of `report-templates/`.
    Template,
    /// Calendars of `rules/holidays.yaml`.
    Holidays,
    /// Groups of recipients.
    Recipients,
    /// Webhooks.
    Webhook,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Source,
        Self::Dataset,
        Self::Kpi,
        Self::Parameter,
        Self::Alert,
        Self::Report,
        Self::Template,
        Self::Recipients,
        Self::Webhook,
        Self::Holidays,
    ];

    /// What it is called in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Dataset => "dataset",
            Self::Kpi => "KPI",
            Self::Parameter => "parameter",
            Self::Alert => "alert",
            Self::Report => "report",
            Self::Template => "template",
            Self::Recipients => "group of recipients",
            Self::Webhook => "webhook",
            Self::Holidays => "calendar of holidays",
        }
    }

    /// Where such things are defined.
    pub fn home(self) -> &'static str {
        match self {
            Self::Source => "callbrief.yaml under `sources`",
            Self::Dataset => "rules/datasets/",
            Self::Kpi => "rules/kpis/",
            Self::Parameter => "rules/kpis/ under `parameters`",
            Self::Alert => "rules/alerts/",
            Self::Report => "rules/reports/",
            Self::Template => "report-templates/",
            Self::Recipients => "rules/recipients.yaml",
            Self::Webhook => "callbrief.yaml under `webhooks`",
            Self::Holidays => "rules/holidays.yaml",
        }
    }

    /// The code for a name that nothing has.
    pub fn unknown(self) -> Code {
        match self {
            Self::Source => Code::UnknownSource,
            Self::Dataset => Code::UnknownDataset,
            Self::Kpi | Self::Alert | Self::Report => Code::UnknownKpi,
            Self::Parameter => Code::UnknownParameter,
            Self::Template => Code::UnknownTemplate,
            Self::Recipients => Code::UnknownRecipients,
            Self::Webhook => Code::UnknownWebhook,
            Self::Holidays => Code::UnknownHolidays,
        }
    }
}

impl Ids {
    /// What one of the ids names.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Of(target) | Self::Known(target) => target.noun(),
            Self::Columns => "column",
            Self::Data => "data block",
            Self::Tests => "test",
            Self::Tables => "table",
        }
    }

    /// Whether the ids appear as names in formulas or templates, where only letters, digits and `_` make a name.
    pub fn are_identifiers(self) -> bool {
        matches!(self, Self::Of(Target::Dataset | Target::Kpi | Target::Parameter) | Self::Columns | Self::Data)
    }
}

impl Shape {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// A key that must be there.
    pub const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, presence: Presence::Required, kind, doc }
    }

    /// A key that need not be there.
    pub const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, presence: Presence::Optional, kind, doc }
    }
}
