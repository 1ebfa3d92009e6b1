//! E-mails to the customer about an invoice. Each is put into the outbox in the commit of the change it reports, so it
//! is sent once.

use domain::invoice::{FailureReason, Invoice, State};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::ledger::MoneyContext;
use crate::messages::{self, EmailMessage, Message};
use crate::sealing::SealingKey;
use crate::store::Change;

/// Writes the e-mails about invoices.
#[derive(Debug)]
pub struct EmailComposer {
    /// Seals messages in the outbox.
    pub key: SealingKey,
    /// The origin of the page, without a slash at its end.
    pub page: String,
}

impl EmailComposer {
    /// The change that puts an e-mail about the new state of `invoice` into the outbox; `None` if the state needs none.
    /// The receiver is the address in the application form.
    pub(super) fn enqueue(
        &self,
        money: &MoneyContext,
        invoice: &Invoice,
        now: Timestamp,
    ) -> Result<Option<Change>, Failure> {
        let Some(email) = self.compose(invoice) else { return Ok(None) };
        let id = money.random.ulid(now);
        Ok(Some(messages::enqueue(&self.key, id, &Message::Email(email), now)?))
    }

    /// The text in both languages, because the customer's language is not known here.
    fn compose(&self, invoice: &Invoice) -> Option<EmailMessage> {
        let Notification { subject, zh, en } = notification(invoice)?;
        let link = format!("{}/me/invoices/{}", self.page, invoice.no);
        let (no, amount) = (&invoice.no, invoice.amount_fen);
        let text = format!(
            "您好：\n\n{zh}\n\n发票编号：{no}\n发票金额：{}\n查看发票：{link}\n\n--\n\nHello,\n\n{en}\n\n\
             Application: {no}\nAmount: CNY {}\nSee it here: {link}\n",
            amount.fee_text(),
            amount.decimal(),
        );
        let subject = format!("证件照中心：{} · ID Photo Centre: {}", subject.0, subject.1);
        Some(EmailMessage { to: invoice.details.email.as_str().to_owned(), subject, text })
    }
}

struct Notification {
    /// In Chinese and in English.
    subject: (&'static str, &'static str),
    zh: String,
    en: String,
}

fn notification(invoice: &Invoice) -> Option<Notification> {
    let notification = |subject, zh: String, en: String| Some(Notification { subject, zh, en });
    match &invoice.state {
        State::Succeeded { issued, reversal_refused: None, .. } => notification(
            ("发票已开具", "your invoice was issued"),
            format!("您申请的发票已开具，发票号码 {}，登录后可下载。", issued.fiscal_no),
            format!("the invoice you applied for was issued as {}. Sign in to download it.", issued.fiscal_no),
        ),
        State::Failed { failure: FailureReason::Rejected { reason, .. }, .. } => notification(
            ("发票申请未通过", "your application for an invoice was rejected"),
            format!("您的发票申请未通过审核：{reason}\n\n请修改后重新提交，或删除该申请。"),
            format!("your application for an invoice was rejected: {reason}\n\nCorrect it and send it again, or delete it."),
        ),
        State::Failed { failure: FailureReason::Refused { .. }, .. } => notification(
            ("发票开具失败", "your invoice could not be issued"),
            "开票平台未能开具您申请的发票。请核对抬头和税号，修改后重新提交，或删除该申请。".to_owned(),
            "the invoice you applied for could not be issued. Check title and tax number, correct them and send it again, or \
             delete it."
                .to_owned(),
        ),
        State::Reversed { issued, red, .. } => notification(
            ("发票已冲红", "your invoice was reversed"),
            format!(
                "发票 {} 已由红字发票 {} 冲红，其中的订单可以重新申请发票。",
                issued.fiscal_no, red.fiscal_no
            ),
            format!(
                "invoice {} was taken back by the red invoice {}. Its orders may be invoiced again.",
                issued.fiscal_no, red.fiscal_no
            ),
        ),
        // The customer caused the change, or does not see it.
        State::Applied { .. }
        | State::Issuing { .. }
        | State::Succeeded { .. }
        | State::Withdrawn { .. }
        | State::Deleted { .. }
        | State::Reversing { .. } => None,
    }
}
