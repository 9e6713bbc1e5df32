//! Files that were changed and cannot be used: the operator is told which mistakes they have, once for the same mistakes.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::Workspace;
use super::alert_mail::{Letter, period};
use crate::alert::words;
use crate::delivery::{Contact, Origin};
use crate::journal::{AlertNotices, Journal, Recorded, Telling};
use crate::locale::{format_instant, text};
use crate::report::document::{Block, Document, Inline, Marker};
use crate::time::Window;

/// What such mistakes are known by among what was told.
const KIND: &str = "workspace";
/// So many mistakes are named in the mail; `check` shows all of them.
const MOST_NAMED: usize = 30;

/// Tells the operator of a workspace in use that its files have these mistakes, given as `place: message`. Whether somebody
/// is told now: not when it was told already, nor when there is no operator.
pub async fn tell_workspace_mistakes(
    workspace: &Workspace,
    journal: &Journal,
    mistakes: &[String],
    owner: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Recorded> {
    let hash = Sha256::digest(mistakes.join("\n").as_bytes());
    let digest: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let deliveries = match &workspace.catalog.settings.operator {
        Some(operator) => {
            let origin = Origin { report: format!("workspace-{digest}"), period: period(now), generation: 0 };
            let subject = text(workspace.catalog.settings.locale, "workspace-trouble-subject", &[]);
            let letter = Letter::new(workspace, subject, &document(workspace, mistakes, now), origin);
            vec![letter.to(workspace, Contact { name: None, address: operator.value.clone() }, now)?]
        }
        None => return Ok(Recorded::Overtaken),
    };
    let notices = AlertNotices {
        report: format!("workspace:{digest}"),
        scheduled_for: now,
        period: period(now),
        window: Window { from: now, to: now },
        owner: owner.to_owned(),
        deliveries,
    };
    Ok(journal.tell_once(Telling { new: vec![(KIND, digest)], over: Vec::new(), notices, now }).await?)
}

/// The files can be used again: the same mistakes would be news.
pub async fn workspace_is_right(journal: &Journal) -> anyhow::Result<()> {
    Ok(journal.forget_told(KIND).await?)
}

fn document(workspace: &Workspace, mistakes: &[String], now: DateTime<Utc>) -> Document {
    let language = workspace.catalog.settings.locale;
    let say = |message: &str| text(language, message, &[]);
    let mut items: Vec<Vec<Inline>> =
        mistakes.iter().take(MOST_NAMED).map(|mistake| vec![Inline::Text(mistake.clone())]).collect();
    if mistakes.len() > MOST_NAMED {
        items.push(vec![Inline::Text(format!("+{}", mistakes.len() - MOST_NAMED))]);
    }
    Document {
        title: say("workspace-trouble-title"),
        subtitle: format_instant(now, workspace.catalog.settings.timezone, language),
        language,
        author: "callbrief".to_owned(),
        created: now,
        preheader: mistakes.first().cloned().unwrap_or_default(),
        blocks: vec![
            Block::Paragraph(vec![Inline::Text(say("workspace-trouble-meaning"))]),
            Block::List { marker: Marker::Bullet, items },
            Block::Paragraph(vec![
                Inline::Text(format!("{} ", say("workspace-trouble-look"))),
                Inline::Code("callbrief check".to_owned()),
            ]),
        ],
        footnotes: vec![say("workspace-trouble-once")],
        words: words(language),
    }
}
