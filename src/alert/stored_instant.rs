//! Instants in stored states: whole seconds since 1970, as everywhere in the journal.

/// An instant that is always there.
pub(super) mod required {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in super::super) fn serialize<S: Serializer>(
        instant: &DateTime<Utc>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(instant.timestamp())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        DateTime::from_timestamp(seconds, 0).ok_or_else(|| D::Error::custom(format!("{seconds} is not an instant")))
    }
}

/// An instant that may be missing.
pub(super) mod optional {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(
        instant: &Option<DateTime<Utc>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        instant.map(|instant| instant.timestamp()).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        let instant = |seconds: i64| {
            DateTime::from_timestamp(seconds, 0).ok_or_else(|| D::Error::custom(format!("{seconds} is not an instant")))
        };
        Option::<i64>::deserialize(deserializer)?.map(instant).transpose()
    }
}
