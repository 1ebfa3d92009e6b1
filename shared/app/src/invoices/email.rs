//! The e-mail to the customer about a new state of an invoice. It is queued in the commit that changes the state, so it is sent once.

use domain::invoice::{Invoice, State, Why};
use jiff::Timestamp;

use crate::books::MoneyContext;
use crate::failure::Failure;
use crate::messages::{self, EmailMessage, Message};
use crate::sealing::SealingKey;
use crate::store::Change;

/// Composes and queues e-mails about invoices.
#[derive(Debug)]
pub struct EmailComposer {
    /// Seals messages in the outbox.
    pub key: SealingKey,
    /// The origin of our page, which the links lead to.
    pub page: String,
}

impl EmailComposer {
    /// The change that queues an e-mail to the address of the application; `None` when the new state needs none.
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

    /// The text is in both languages, because the reader can be another person than the applicant.
    fn compose(&self, invoice: &Invoice) -> Option<EmailMessage> {
        let News { head, zh, en } = news(invoice)?;
        let link = format!("{}/me/invoices/{}", self.page, invoice.no);
        let (no, amount) = (&invoice.no, invoice.amount_fen);
        let text = format!(
            "您好：\n\n{zh}\n\n发票编号：{no}\n发票金额：{}\n查看发票：{link}\n\n--\n\nHello,\n\n{en}\n\n\
             Application: {no}\nAmount: CNY {}\nSee it here: {link}\n",
            amount.fee_text(),
            amount.decimal(),
        );
        let subject = format!("证件照中心：{} · ID Photo Centre: {}", head.0, head.1);
        Some(EmailMessage { to: invoice.details.email.as_str().to_owned(), subject, text })
    }
}

struct News {
    head: (&'static str, &'static str),
    zh: String,
    en: String,
}

fn news(invoice: &Invoice) -> Option<News> {
    let news = |head, zh: String, en: String| Some(News { head, zh, en });
    match &invoice.state {
        State::Succeeded { issued, reversal_refused: None, .. } => news(
            ("发票已开具", "your invoice was issued"),
            format!("您申请的发票已开具，发票号码 {}，登录后可下载。", issued.fiscal_no),
            format!("the invoice you applied for was issued as {}. Sign in to download it.", issued.fiscal_no),
        ),
        State::Failed { why: Why::Rejected { reason, .. }, .. } => news(
            ("发票申请未通过", "your application for an invoice was rejected"),
            format!("您的发票申请未通过审核：{reason}\n\n请修改后重新提交，或删除该申请。"),
            format!("your application for an invoice was rejected: {reason}\n\nCorrect it and send it again, or delete it."),
        ),
        State::Failed { why: Why::Refused { .. }, .. } => news(
            ("发票开具失败", "your invoice could not be issued"),
            "开票平台未能开具您申请的发票。请核对抬头和税号，修改后重新提交，或删除该申请。".to_owned(),
            "the invoice you applied for could not be issued. Check title and tax number, correct them and send it again, or \
             delete it."
                .to_owned(),
        ),
        State::Reversed { issued, red, .. } => news(
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
        // The customer did it, is still waiting, or sees no change.
        State::Applied { .. }
        | State::Issuing { .. }
        | State::Succeeded { .. }
        | State::Withdrawn { .. }
        | State::Deleted { .. }
        | State::Reversing { .. } => None,
    }
}
