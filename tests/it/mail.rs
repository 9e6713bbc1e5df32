//! Reports through a real mail server: open, STARTTLS, TLS, with logins; and what people are told when it refuses.

use std::path::Path;

use serde_json::Value;

use super::databases::server;
use super::letters::Letter;
use super::program::{Ran, callbrief, copy, ended};
use super::serve::{Served, until};

/// A Monday morning: the report is about Sunday.
const MORNING: &str = "2026-11-23T05:00:00Z";

/// A workspace with a dozen calls that mails through the server, and the password its environment holds.
struct Office {
    folder: tempfile::TempDir,
    password: String,
}

impl Office {
    /// With these settings besides the server's name.
    fn new(smtp: &str, password: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy("tests/workspaces/small", folder.path());
        let file = folder.path().join("callbrief.yaml");
        let settings = std::fs::read_to_string(&file).unwrap();
        let smtp = format!("transport: smtp, smtp: {{ host: {}, {smtp} }}", server("CALLBRIEF_TEST_SMTP_HOST"));
        let settings = settings.replace("transport: folder, folder: outbox", &smtp);
        assert!(settings.contains(&smtp), "{settings}");
        std::fs::write(file, settings).unwrap();
        let office = Self { folder, password: password.unwrap_or("none").to_owned() };
        let calls = office.path().join("calls.csv");
        let imported = office.run(&["import", calls.to_str().unwrap(), "--table=calls"]);
        assert_eq!(imported.code, 0, "{}", imported.err);
        office
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = callbrief(self.path(), arguments);
        command.env("MAIL_PASSWORD", &self.password);
        ended(command)
    }

    fn send(&self, to: &[&str]) -> Ran {
        let to: Vec<String> = to.iter().map(|address| format!("--to={address}")).collect();
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        self.run(&[&["--now", MORNING, "report", "daily", "--send"], to.as_slice()].concat())
    }

    fn suppressions(&self, arguments: &[&str]) -> Ran {
        let mut command = callbrief(self.path(), &[&["--now", MORNING, "suppressions"], arguments].concat());
        command.env("COLUMNS", "80");
        ended(command)
    }

    /// What `runs --json` knows of the delivery to an address.
    fn delivery(&self, address: &str) -> Value {
        let runs: Value = serde_json::from_str(&self.run(&["runs", "--json"]).out).unwrap();
        let runs = runs.as_array().unwrap().iter();
        let mut deliveries = runs.flat_map(|run| run["deliveries"].as_array().unwrap());
        deliveries.find(|delivery| delivery["recipient"] == address).cloned().unwrap_or(Value::Null)
    }
}

fn starttls() -> String {
    format!("port: {}, tls: starttls, ca_file: {}", server("CALLBRIEF_TEST_SMTP_STARTTLS_PORT"), ca())
}

fn ca() -> String {
    server("CALLBRIEF_TEST_SMTP_CA")
}

fn plain() -> String {
    format!("port: {}, tls: none", server("CALLBRIEF_TEST_SMTP_PLAIN_PORT"))
}

/// An address that no other test writes to.
fn address(beginning: &str) -> String {
    format!("{beginning}-{}@example.org", std::process::id())
}

/// The messages the server took for an address: what it knows of each, and the message.
fn arrived(address: &str) -> Vec<(Value, Letter)> {
    let folder = server("CALLBRIEF_TEST_SMTP_FOLDER");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut arrived = Vec::new();
    for path in files.filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
        let about: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if about["to"] == serde_json::json!([address]) {
            arrived.push((about, Letter::read(&std::fs::read(path.with_extension("eml")).unwrap())));
        }
    }
    arrived
}

fn check_arrives(name: &str, smtp: &str, password: Option<&str>, port: &str) {
    let office = Office::new(smtp, password);
    let address = address(name);
    let ran = office.send(&[&address]);
    assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
    assert!(ran.out.contains(&format!("sent {address}: 250 2.0.0 stored as")), "{name}: {}", ran.out);
    let arrived = arrived(&address);
    let [(about, letter)] = arrived.as_slice() else { panic!("{name}: {} messages", arrived.len()) };
    assert_eq!(about["port"], port);
    assert_eq!(about["from"], "reports@example.com");
    let user = if port == "plain" { Value::Null } else { server("CALLBRIEF_TEST_SMTP_USER").into() };
    assert_eq!(about["user"], user, "{name}");
    assert_eq!(letter.headers["To"], address.as_str());
    assert!(letter.headers["Subject"].as_str().unwrap().starts_with("Calls of the day, "), "{}", letter.headers);
    assert!(letter.text("text/plain").contains("Calls offered"), "{}", letter.text("text/plain"));
    assert!(letter.bytes("application/pdf").starts_with(b"%PDF-"));
    let delivery = office.delivery(&address);
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&"sent".into(), &1.into()), "{delivery}");
    assert_eq!(delivery["message_id"], letter.headers["Message-ID"]);
}

#[test]
fn an_open_server_takes_it() {
    check_arrives("open", &plain(), None, "plain");
}

#[test]
fn starttls_with_the_password_in_the_environment() {
    let smtp = format!("{}, user: {}, password: \"${{MAIL_PASSWORD}}\"", starttls(), user());
    check_arrives("starttls", &smtp, Some(&server("CALLBRIEF_TEST_SMTP_PASSWORD")), "starttls");
}

#[test]
fn tls_with_the_password_in_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{}\n", server("CALLBRIEF_TEST_SMTP_PASSWORD"))).unwrap();
    let port = server("CALLBRIEF_TEST_SMTP_TLS_PORT");
    let smtp = format!(
        "port: {port}, tls: tls, ca_file: {}, user: {}, password_file: {}",
        ca(),
        user(),
        file.path().display()
    );
    check_arrives("tls", &smtp, None, "tls");
}

fn user() -> String {
    server("CALLBRIEF_TEST_SMTP_USER")
}

/// Nothing arrives, the message stays in the outbox, and this is said when sending and by `runs`.
fn check_stays(name: &str, smtp: &str, password: Option<&str>, told: &[&str]) {
    let office = Office::new(smtp, password);
    let address = address(name);
    let ran = office.send(&[&address]);
    let runs = office.run(&["runs"]).out;
    let all = format!("{}{}", ran.out, ran.err);
    assert_eq!(ran.code, 1, "{name}: {all}");
    for told in told {
        assert!(ran.err.contains(told) && runs.contains(told), "{name}: {told:?} is not in\n{all}\n{runs}");
    }
    assert!(ran.err.contains("it stays in the outbox"), "{name}: {all}");
    assert!(runs.contains(&format!("due {address}")) && runs.contains("next try"), "{name}: {runs}");
    if let Some(password) = password {
        assert!(!all.contains(password) && !runs.contains(password), "{name}: the password is told");
    }
    assert!(arrived(&address).is_empty(), "{name}");
}

#[test]
fn a_refused_login_is_told_and_nothing_is_lost() {
    let smtp = format!("{}, user: {}, password: \"${{MAIL_PASSWORD}}\"", starttls(), user());
    check_stays("login", &smtp, Some("hunter2 hunter2"), &["logging in", "535"]);
}

#[test]
fn a_certificate_of_an_unknown_authority_is_told() {
    let port = server("CALLBRIEF_TEST_SMTP_STARTTLS_PORT");
    check_stays("stranger", &format!("port: {port}, tls: starttls"), None, &["certificate"]);
}

#[test]
fn a_server_that_is_not_there_is_told() {
    // Nothing listens on port 1.
    check_stays("nobody", "port: 1, tls: none", None, &["localhost:1", "refused"]);
}

#[test]
fn a_refused_recipient_does_not_stop_the_others() {
    let office = Office::new(&plain(), None);
    let (refused, fine) = (address("refused"), address("fine"));
    let ran = office.send(&[&refused, &fine]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(&format!("failed {refused}: ")) && ran.out.contains("550 5.1.1"), "{}", ran.out);
    assert!(ran.out.contains(&format!("sent {fine}: 250")), "{}", ran.out);
    assert_eq!((arrived(&refused).len(), arrived(&fine).len()), (0, 1));
    let runs = office.run(&["runs"]).out;
    assert!(runs.contains(&format!("failed {refused}: ")) && runs.contains("no such mailbox"), "{runs}");
}

#[test]
fn a_message_that_was_put_off_arrives_once_later() {
    let office = Office::new(&plain(), None);
    let address = address("grey");
    let ran = office.send(&[&address]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(&format!("due {address}: ")) && ran.out.contains("451 4.7.1"), "{}", ran.out);
    assert!(arrived(&address).is_empty());
    // Two minutes later the service is at work.
    let served = Served::start(office.path(), "2026-11-23T05:02:00Z");
    until("the second try", || office.delivery(&address)["state"] == "sent");
    served.stop();
    assert_eq!(arrived(&address).len(), 1);
    let delivery = office.delivery(&address);
    assert_eq!(delivery["attempts"], 2, "{delivery}");
}

#[test]
fn a_lost_answer_leaves_the_delivery_uncertain_and_repeats_the_same_message() {
    let office = Office::new(&plain(), None);
    let address = address("cut");
    let ran = office.send(&[&address]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(&format!("uncertain {address}: ")), "{}", ran.out);
    let served = Served::start(office.path(), "2026-11-23T05:02:00Z");
    until("the second try", || office.delivery(&address)["attempts"] == 2 && arrived(&address).len() == 2);
    served.stop();
    let arrived = arrived(&address);
    let [(_, first), (_, second)] = arrived.as_slice() else { panic!("{} messages", arrived.len()) };
    assert_eq!(first.headers["Message-ID"], second.headers["Message-ID"]);
    assert_eq!(office.delivery(&address)["state"], "uncertain");
}

#[test]
fn a_lost_answer_is_held_where_the_workspace_wants_it_and_sent_again_by_hand() {
    let office = Office::new(&plain(), None);
    let settings = office.path().join("callbrief.yaml");
    let written = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, written.replace("mail: {", "mail: { on_unknown: hold,")).unwrap();
    let address = address("cut");
    let ran = office.send(&[&address]);
    assert!(ran.code == 1 && ran.out.contains(&format!("held {address}: ")), "{}{}", ran.out, ran.err);
    let runs = office.run(&["runs"]).out;
    assert!(runs.contains("done (manual") && runs.contains(&format!("held {address}: ")), "{runs}");
    assert_eq!(arrived(&address).len(), 1);
    let again = office.run(&["--now", MORNING, "runs", "resend", "1"]);
    assert!(again.out.contains(&format!("held {address}: ")), "{}{}", again.out, again.err);
    assert_eq!(arrived(&address).len(), 2);
}

#[test]
fn an_address_that_does_not_exist_gets_nothing_more_and_its_owner_is_told() {
    let office = Office::new(&plain(), None);
    let (gone, owner) = (address("refused"), address("owner"));
    let settings = office.path().join("callbrief.yaml");
    let written = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{written}operator: {owner}\n")).unwrap();
    assert!(office.send(&[&gone]).out.contains(&format!("failed {gone}: ")));
    assert_eq!(office.send(&[&gone]).out.trim_end(), {
        let answer = "naming the recipient: 550 5.1.1 no such mailbox";
        format!("suppressed {gone}: the address takes no mail since 2026-11-23: {answer}")
    });
    assert!(office.run(&["runs"]).out.contains(&format!("suppressed {gone}: the address takes no mail")));

    let served = Served::start(office.path(), MORNING);
    until("the notice", || !arrived(&owner).is_empty());
    served.stop();
    let notices = arrived(&owner);
    let [(_, letter)] = notices.as_slice() else { panic!("{} notices", notices.len()) };
    assert_eq!(letter.headers["Subject"], "[NOT DELIVERED] Calls of the day");
    let text = letter.text("text/plain").replace("\r\n", " ");
    for part in [
        gone.as_str(),
        "550 5.1.1 no such mailbox",
        "Nothing is sent there from now on",
        "callbrief suppressions remove ADDRESS",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }

    let list = office.suppressions(&["list"]);
    assert!(
        list.code == 0 && list.out.contains("does not get anything") && list.out.contains("    the mail server: "),
        "{}",
        list.out
    );
    let back = office.suppressions(&["remove", &gone.to_uppercase()]);
    assert_eq!(back.out, format!("{gone} gets mail again\n"), "{}", back.err);
    assert_eq!(office.suppressions(&["list"]).out, "Nobody is suppressed.\n");
}

#[test]
fn an_address_is_suppressed_by_hand_and_shown_within_eighty_columns() {
    let office = Office::new(&plain(), None);
    let address = address("by-hand");
    let add = |arguments: &[&str]| {
        office
            .suppressions(&[&["add", address.as_str(), "--author", "anna", "--reason", "left us"], arguments].concat())
    };
    assert_eq!(add(&["--only", "daily"]).out, format!("{address} does not get daily any more\n"));
    assert_eq!(add(&["--only", "daily"]).out, format!("{address} did not get daily before either\n"));
    for (named, told) in [("dayly", "did you mean `daily`?"), ("alert:nothing", "no report and no alert rule")] {
        let ran = add(&["--only", named]);
        assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
    }
    let sent = office.send(&[&address]);
    assert!(
        sent.code == 1 && sent.out.contains(&format!("suppressed {address}: suppressed by anna on")),
        "{}",
        sent.out
    );
    let json: Value = serde_json::from_str(&office.suppressions(&["list", "--json"]).out).unwrap();
    assert_eq!((&json[0]["only"], &json[0]["cause"]), (&"daily".into(), &"by hand".into()));
    assert_eq!(office.suppressions(&["remove", "nobody@example.org"]).code, 2);

    let settings = office.path().join("callbrief.yaml");
    for (language, title) in [("en", "does not get daily since 23 November 2026"), ("ru", "не отправляется daily")]
    {
        let written = std::fs::read_to_string(&settings).unwrap();
        let written = written.replace("locale: en", &format!("locale: {language}"));
        std::fs::write(&settings, written).unwrap();
        let list = office.suppressions(&["list"]).out;
        assert!(list.contains(title) && list.contains("left us"), "{list}");
        assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    }
    let lifted = office.suppressions(&["remove", &address, "--only", "daily"]);
    assert_eq!(lifted.out, format!("На {address} снова отправляется daily\n"), "{}", lifted.err);
}

#[test]
fn mails_say_how_to_get_no_more_of_them() {
    let office = Office::new(&plain(), None);
    let owner = address("keeper");
    let settings = office.path().join("callbrief.yaml");
    let written = std::fs::read_to_string(&settings).unwrap();
    let sent = |to: &str, more: &str| {
        std::fs::write(&settings, format!("{written}operator: {owner}\n{more}")).unwrap();
        assert_eq!(office.send(&[to]).code, 0);
        arrived(to).remove(0).1
    };
    let header = |letter: &Letter, name: &str| letter.headers[name].as_str().unwrap_or_default().to_owned();
    let mailto = |to: &str| format!("<mailto:{owner}?subject=unsubscribe%20daily%20{}>", to.replace('@', "%40"));
    let to = address("reader");
    let letter = sent(&to, "");
    assert_eq!(header(&letter, "List-Unsubscribe"), mailto(&to));
    assert_eq!(header(&letter, "List-Unsubscribe-Post"), "");
    assert!(!letter.text("text/plain").contains("Unsubscribe"));

    let to = address("reader-with-a-page");
    let letter = sent(&to, "service: { public_url: \"https://reports.example.com/callbrief/\" }\n");
    let listed = header(&letter, "List-Unsubscribe");
    let (link, second) = listed.split_once(">,").unwrap();
    assert!(
        link.starts_with("<https://reports.example.com/callbrief/unsubscribe/") && second.trim() == mailto(&to),
        "{listed}"
    );
    assert_eq!(header(&letter, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(letter.text("text/plain").trim_end().ends_with(&format!("Unsubscribe: {}", &link[1..])));
    assert!(letter.text("text/html").contains(&format!("href=\"{}\"", &link[1..])));
}
