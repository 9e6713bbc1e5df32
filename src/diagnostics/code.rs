//! The one register of diagnostic codes. A number is never reused; ranges: 1xx files and YAML, 2xx names,
//! 3xx formulas, 4xx time and schedules, 5xx templates, 6xx databases, 7xx mail and recipients.

use std::fmt;

/// The stable code of a mistake, written `CB` and three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// CB101: the text is not YAML.
    YamlSyntax = 101,
    /// CB102: a key that this place does not know.
    UnknownKey = 102,
    /// CB103: a value of the wrong type.
    WrongType = 103,
    /// CB104: a key that must be there is not.
    MissingKey = 104,
    /// CB105: the same key or id twice.
    Duplicate = 105,
    /// CB106: a value that is not one of the allowed ones.
    BadValue = 106,
    /// CB107: a file or folder that cannot be read.
    UnreadableFile = 107,
    /// CB108: a file callbrief has no use for at this place.
    UnexpectedFile = 108,
    /// CB109: an environment variable that is not set.
    MissingVariable = 109,
    /// CB110: a secret written openly in a file.
    OpenSecret = 110,

    /// CB201: no source of this name.
    UnknownSource = 201,
    /// CB202: no dataset of this name.
    UnknownDataset = 202,
    /// CB203: no KPI of this name.
    UnknownKpi = 203,
    /// CB204: no column of this name.
    UnknownColumn = 204,
    /// CB205: no template of this name.
    UnknownTemplate = 205,
    /// CB206: no group of recipients of this name.
    UnknownRecipients = 206,
    /// CB207: no data block of this name in the report.
    UnknownData = 207,
    /// CB208: KPIs that need each other in a circle.
    KpiCycle = 208,
    /// CB209: a grouping that a dataset does not offer.
    BadGrouping = 209,
    /// CB210: no parameter of this name.
    UnknownParameter = 210,
    /// CB211: groups of recipients that include each other in a circle.
    RecipientCycle = 211,
    /// CB212: no webhook of this name.
    UnknownWebhook = 212,

    /// CB301: the formula cannot be parsed.
    FormulaSyntax = 301,
    /// CB302: a name the formula cannot resolve.
    FormulaUnknownName = 302,
    /// CB303: an operation on values of kinds that do not fit.
    FormulaType = 303,
    /// CB304: a formula that exceeds its limits.
    FormulaLimit = 304,
    /// CB305: a formula that fails for another reason.
    FormulaFailed = 305,
    /// CB306: a formula that does not give a number (or, for a condition, true or false).
    FormulaResult = 306,

    /// CB401: an unknown time zone.
    UnknownZone = 401,
    /// CB402: a period that cannot be read.
    BadPeriod = 402,
    /// CB403: a cron pattern that cannot be read.
    BadCron = 403,
    /// CB404: a cron pattern that never comes.
    CronNeverComes = 404,
    /// CB405: a duration that cannot be read.
    BadDuration = 405,
    /// CB406: an instant that cannot be read, does not exist or comes twice.
    BadInstant = 406,

    /// CB501: the template cannot be parsed.
    TemplateSyntax = 501,
    /// CB502: the template fails when it is rendered.
    TemplateFailed = 502,
    /// CB503: a report block that cannot be read.
    BadBlock = 503,

    /// CB504: something in the frame of mails that some mail programs do not show.
    UnsupportedInMail = 504,

    /// CB601: a database address that cannot be read.
    BadDatabaseUrl = 601,
    /// CB602: a database that cannot be opened.
    UnreadableDatabase = 602,
    /// CB603: a query that fails.
    QueryFailed = 603,
    /// CB604: a column the query does not deliver.
    ColumnNotDelivered = 604,

    /// CB701: an e-mail address that cannot be read.
    BadAddress = 701,
    /// CB702: mail settings that do not fit together.
    BadMailSettings = 702,
    /// CB703: a report that cannot be limited to the scope of its recipients.
    BadScope = 703,
    /// CB704: a group of recipients that only reports can go to.
    ReportsOnly = 704,
    /// CB705: recipients that get alerts only where a report goes.
    AlertsOnly = 705,
    /// CB706: a webhook that cannot be called, or not safely.
    BadWebhook = 706,
    /// CB707: a public address that mail programs would not open.
    BadPublicUrl = 707,
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CB{}", *self as u16)
    }
}
