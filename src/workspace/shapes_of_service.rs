//! What `service` in `callbrief.yaml` may contain: the part of the table in `shapes` that is about `callbrief serve`.

use std::net::SocketAddr;

use super::shape::{Field, Form, Kind, Shape, Zero};
use crate::diagnostics::Code;

/// How the service runs.
pub(super) static SERVICE: Shape = Shape {
    noun: "the service's settings",
    fields: &[
        Field::optional(
            "http",
            Kind::Written(&LISTEN),
            "where /healthz, /readyz and /metrics are answered, such as 127.0.0.1:9464; nowhere when left out",
        ),
        Field::optional(
            "late_after",
            Kind::Duration(Zero::Refused),
            "how long after its time a report that is not sent is told to its owner; 30m when left out",
        ),
        Field::optional(
            "public_url",
            Kind::Text,
            "where it is reached from outside, as in https://reports.example.com; for links in mails",
        ),
        Field::optional("log", LOG, "how the log is written; text on a terminal and json elsewhere when left out"),
        Field::optional("log_level", LOG_LEVEL, "how much is logged; info when left out"),
    ],
    choices: &[],
};

static LISTEN: Form = Form {
    fault: |text| match text.trim().parse::<SocketAddr>() {
        Ok(address) if address.port() == 0 => Some("the port is 0, so nobody would know it".to_owned()),
        Ok(_) => None,
        Err(_) => Some("it is no address with a port".to_owned()),
    },
    code: Code::BadValue,
    pattern: r"^\s*([0-9.]+|\[[0-9a-fA-F:.%]+\]):[0-9]+\s*$",
    allowed: "an address of this machine and a port, such as 127.0.0.1:9464, or 0.0.0.0:9464 for all of them",
};

const LOG: Kind = Kind::OneOf(&[("json", "a JSON object for each line"), ("text", "lines for people")]);

const LOG_LEVEL: Kind = Kind::OneOf(&[
    ("error", "what failed"),
    ("warn", "and what may fail"),
    ("info", "and what was done"),
    ("debug", "and how"),
]);
