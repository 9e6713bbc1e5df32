//! The SMTP transport: a thin client on lettre's connection. The pooled transport is not used, as it waits for ever
//! on a silent server and reads shifted answers after a cancelled message; here each step has its own time limit, and
//! a connection is closed after any failure.

use std::path::Path;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;

use super::smtp_failure::{Step, from_lettre, from_text};
use super::{DeliveryError, FailureKind};
use crate::workspace::{SmtpLimits, SmtpSettings, TlsMode};

/// The time limit of each step.
#[derive(Clone, Copy, Debug)]
pub struct SmtpTimeouts {
    /// For the TCP connection.
    pub connect: Duration,
    /// For each command: greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA.
    pub command: Duration,
    /// For the message and the answer to its end; servers scan it before they answer.
    pub message: Duration,
}

/// A mail server and how to talk to it.
#[derive(Clone)]
pub struct SmtpTransport {
    host: String,
    port: u16,
    tls: TlsMode,
    /// Present unless `tls` is [`TlsMode::None`].
    tls_parameters: Option<TlsParameters>,
    login: Option<(String, SecretString)>,
    hello: ClientId,
    limits: SmtpLimits,
    timeouts: SmtpTimeouts,
}

/// A batch of messages over one connection.
pub struct SmtpSession<'transport> {
    transport: &'transport SmtpTransport,
    /// Open and in step, or absent.
    connection: Option<AsyncSmtpConnection>,
    /// Messages sent over it.
    sent: u32,
}

impl Default for SmtpTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(60),
            message: Duration::from_secs(10 * 60),
        }
    }
}

impl SmtpTransport {
    /// A transport to this server, which greets it as `domain`. Nothing is contacted yet; a certificate file that
    /// cannot be read is an error. Relative paths start at `root`.
    pub fn new(settings: &SmtpSettings, root: &Path, domain: &str) -> Result<Self, DeliveryError> {
        let host = settings.host.value.clone();
        let tls_parameters = match settings.tls {
            TlsMode::None => None,
            TlsMode::StartTls | TlsMode::Tls => {
                let authority = settings.ca_file.as_ref().map(|file| certificate(&root.join(file))).transpose()?;
                let mut builder = TlsParameters::builder(host.clone());
                if let Some(authority) = authority {
                    builder = builder.add_root_certificate(authority);
                }
                Some(
                    builder
                        .build()
                        .map_err(|error| from_text(FailureKind::Configuration, "preparing TLS", &error.to_string()))?,
                )
            }
        };
        Ok(Self {
            host,
            port: settings.port,
            tls: settings.tls,
            tls_parameters,
            login: settings.login.clone(),
            // A name in other than ASCII may not stand in the greeting.
            hello: if domain.is_ascii() { ClientId::Domain(domain.to_owned()) } else { ClientId::default() },
            limits: settings.limits,
            timeouts: SmtpTimeouts::default(),
        })
    }

    /// The same transport with other time limits.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: SmtpTimeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How many messages the server takes within a minute; no limit when none.
    pub fn messages_per_minute(&self) -> Option<u32> {
        self.limits.messages_per_minute
    }

    /// Starts a batch; the connection is opened with its first message.
    pub fn session(&self) -> SmtpSession<'_> {
        SmtpSession { transport: self, connection: None, sent: 0 }
    }

    /// Fails when no connection can be opened, protected and logged in as the settings say. Nothing is sent.
    pub async fn try_login(&self) -> Result<(), DeliveryError> {
        let mut connection = self.connect().await?;
        // It answered all that matters; an unfriendly goodbye changes nothing.
        let _ = tokio::time::timeout(self.timeouts.command, connection.quit()).await;
        Ok(())
    }

    /// Opens a connection, protected and logged in as the settings say.
    async fn connect(&self) -> Result<AsyncSmtpConnection, DeliveryError> {
        let address = (self.host.as_str(), self.port);
        let opening = async {
            let mut connection = if let (TlsMode::Tls, Some(tls)) = (self.tls, &self.tls_parameters) {
                let opened = AsyncSmtpConnection::connect_tokio1(
                    address,
                    Some(self.timeouts.connect),
                    &self.hello,
                    Some(tls.clone()),
                    None,
                );
                limited(Step::Connect, self.timeouts.connect + self.timeouts.command, opened).await?
            } else {
                let stream = tokio::time::timeout(self.timeouts.connect, TcpStream::connect(address))
                    .await
                    .map_err(|_| Step::Connect.timed_out(self.timeouts.connect))?
                    .map_err(|error| from_text(FailureKind::Unreachable, Step::Connect.words(), &error.to_string()))?;
                // lettre writes the message and its final dot apart; without this each message waits 40 ms between.
                stream.set_nodelay(true).ok();
                let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello);
                limited(Step::Greeting, self.timeouts.command, greeted).await?
            };
            if let (TlsMode::StartTls, Some(tls)) = (self.tls, &self.tls_parameters) {
                limited(Step::StartTls, self.timeouts.command, connection.starttls(tls.clone(), &self.hello)).await?;
            }
            if let Some((user, password)) = &self.login {
                let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
                let login = connection.auth(DEFAULT_MECHANISMS, &credentials);
                limited(Step::Login, self.timeouts.command, login).await?;
            }
            Ok(connection)
        };
        opening.await.map_err(|error: DeliveryError| DeliveryError {
            text: self.without_password(format!("{}:{}: {}", self.host, self.port, error.text)),
            ..error
        })
    }

    /// A server may repeat in its refusal what it was told.
    fn without_password(&self, text: String) -> String {
        match &self.login {
            Some((_, password)) if !password.expose_secret().is_empty() => {
                text.replace(password.expose_secret(), "***")
            }
            _ => text,
        }
    }
}

impl SmtpSession<'_> {
    /// Sends one message to one recipient; the answer is the server's final reply, such as "250 2.0.0 queued as 4F2A".
    /// Dropping the future closes the connection.
    pub async fn send(&mut self, from: &str, to: &str, bytes: &[u8]) -> Result<String, DeliveryError> {
        let from = address(from).map_err(|text| from_text(FailureKind::Configuration, Step::Sender.words(), &text))?;
        let to =
            address(to).map_err(|text| from_text(FailureKind::PermanentRecipient, Step::Recipient.words(), &text))?;
        if let Some(most) = self.transport.limits.message_bytes.filter(|most| bytes.len() > *most) {
            let megabytes = |bytes: usize| bytes.div_ceil(100_000) as f64 / 10.0;
            let text = format!("it has {} MB, the mail server takes {} MB", megabytes(bytes.len()), megabytes(most));
            return Err(from_text(FailureKind::PermanentRecipient, Step::Message.words(), &text));
        }
        if self.sent >= self.transport.limits.messages_per_connection {
            self.hang_up().await;
        }
        // From here the connection is this function's own: it goes back only when all went well, so that any failure,
        // and a dropped future, closes it.
        let mut connection = self.begin(&from, &to, bytes).await?;
        let SmtpTimeouts { command, message, .. } = self.transport.timeouts;
        limited(Step::Recipient, command, connection.command(Rcpt::new(to, Vec::new()))).await?;
        let invitation = limited(Step::Data, command, connection.command(Data)).await?;
        if !invitation.has_code(354) {
            let text = format!("unexpected answer {}", reply_text(&invitation));
            return Err(from_text(FailureKind::Temporary, Step::Data.words(), &text));
        }
        let reply = limited(Step::Message, message, connection.message(bytes)).await?;
        // lettre lets any 2xx and 3xx pass; only 250 says that the server answers for the message from now on.
        if !reply.has_code(250) {
            let text = format!("unexpected answer {}", reply_text(&reply));
            return Err(from_text(FailureKind::Uncertain, Step::Message.words(), &text));
        }
        self.connection = Some(connection);
        self.sent += 1;
        Ok(reply_text(&reply))
    }

    /// Ends the batch politely.
    pub async fn close(mut self) {
        self.hang_up().await;
    }

    /// A connection that has taken the sender: the batch's, or a new one when there is none or the server has closed
    /// it because it had enough.
    async fn begin(
        &mut self,
        from: &Address,
        to: &Address,
        bytes: &[u8],
    ) -> Result<AsyncSmtpConnection, DeliveryError> {
        let limit = self.transport.timeouts.command;
        if let Some(connection) = self.connection.take() {
            match name_sender(connection, limit, from, to, bytes).await {
                Err(error) if error.kind == FailureKind::Unreachable => {}
                result => return result,
            }
        }
        let connection = self.transport.connect().await?;
        self.sent = 0;
        name_sender(connection, limit, from, to, bytes).await
    }

    async fn hang_up(&mut self) {
        self.sent = 0;
        if let Some(mut connection) = self.connection.take() {
            // Every message is settled; an unfriendly goodbye changes nothing.
            let _ = tokio::time::timeout(self.transport.timeouts.command, connection.quit()).await;
        }
    }
}

impl std::fmt::Debug for SmtpTransport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SmtpTransport")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SmtpSession<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SmtpSession").field("transport", self.transport).finish_non_exhaustive()
    }
}

async fn name_sender(
    mut connection: AsyncSmtpConnection,
    limit: Duration,
    from: &Address,
    to: &Address,
    bytes: &[u8],
) -> Result<AsyncSmtpConnection, DeliveryError> {
    let parameters = mail_parameters(&connection, from, to, bytes)?;
    limited(Step::Sender, limit, connection.command(Mail::new(Some(from.clone()), parameters))).await?;
    Ok(connection)
}

/// Waits for one step at most so long.
async fn limited<T>(
    step: Step,
    limit: Duration,
    work: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, DeliveryError> {
    tokio::time::timeout(limit, work)
        .await
        .map_err(|_| step.timed_out(limit))?
        .map_err(|error| from_lettre(step, &error))
}

/// What must be said with the sender so that the server takes other than ASCII.
fn mail_parameters(
    connection: &AsyncSmtpConnection,
    from: &Address,
    to: &Address,
    bytes: &[u8],
) -> Result<Vec<MailParameter>, DeliveryError> {
    let mut parameters = Vec::new();
    let addresses: [&str; 2] = [from.as_ref(), to.as_ref()];
    if addresses.iter().any(|address| !address.is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let text = "the server takes no addresses with other than ASCII characters";
            return Err(from_text(FailureKind::PermanentRecipient, Step::Recipient.words(), text));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() {
        if !connection.server_info().supports_feature(Extension::EightBitMime) {
            let text = "the server takes no messages with other than ASCII characters";
            return Err(from_text(FailureKind::PermanentRecipient, Step::Message.words(), text));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

/// A reply on one line, such as "250 2.0.0 queued as 4F2A".
fn reply_text(reply: &Response) -> String {
    super::clean(&format!("{} {}", reply.code(), reply.message().collect::<Vec<_>>().join(" ")), 500)
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error| format!("`{text}` is not an address: {error}"))
}

/// Reads a certificate authority's file.
fn certificate(file: &Path) -> Result<Certificate, DeliveryError> {
    let failed = |text: &str| {
        from_text(
            FailureKind::Configuration,
            "reading the certificate authority",
            &format!("{}: {text}", file.display()),
        )
    };
    let pem = std::fs::read(file).map_err(|error| failed(&error.to_string()))?;
    // An empty list would be taken as "trust no further authority" and fail much later, in every handshake.
    if !pem.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----") {
        return Err(failed("no certificate in PEM form in it"));
    }
    Certificate::from_pem(&pem).map_err(|error| failed(&error.to_string()))
}
