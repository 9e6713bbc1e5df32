//! The ways out: the mail server's login, the folder, the webhooks' hosts. Nothing is sent.

use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::net::TcpStream;

use super::Chart;
use crate::delivery::Transport;
use crate::pipeline::Workspace;
use crate::workspace::TransportSettings;

/// How long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn examine(chart: &mut Chart, workspace: &Workspace) {
    let (settings, root) = (&workspace.catalog.settings, &workspace.catalog.root);
    let subject = chart.word("doctor-mail");
    let tried = async { Transport::from_settings(&settings.mail, root)?.try_out().await };
    match (tried.await, &settings.mail.transport) {
        (Ok(()), TransportSettings::Folder(folder)) => {
            let folder = folder.display().to_string();
            chart.doubtful(subject, "doctor-mail-folder", "doctor-mail-folder-advice", &[("folder", folder.into())]);
        }
        (Ok(()), TransportSettings::Smtp(smtp)) => {
            let said = if smtp.login.is_some() { "doctor-mail-login" } else { "doctor-mail-well" };
            chart.well(
                subject,
                said,
                &[("host", smtp.host.value.clone().into()), ("port", u64::from(smtp.port).into())],
            );
        }
        (Err(failure), _) => {
            chart.ill(subject, "doctor-reason", "doctor-mail-advice", &[("reason", failure.to_string().into())]);
        }
    }
    for (name, webhook) in &settings.webhooks {
        let subject = format!("{} {name}", chart.word("doctor-webhook"));
        // Without the address: its path is as good as a password.
        match reach(webhook.url.expose_secret()).await {
            Ok(()) => chart.well(subject, "doctor-webhook-well", &[]),
            Err(reason) => {
                chart.ill(subject, "doctor-reason", "doctor-webhook-advice", &[("reason", reason.into())]);
            }
        }
    }
}

/// Connects to the host of a web address, and no more.
async fn reach(url: &str) -> Result<(), String> {
    let uri: ureq::http::Uri = url.trim().parse().map_err(|_| "its address cannot be read".to_owned())?;
    let host = uri.host().ok_or_else(|| "its address names no host".to_owned())?;
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match tokio::time::timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}
