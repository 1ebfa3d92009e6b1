//! The document of an invoice: a PDF of one page that uses a built-in font.

use super::requests::{Document, Request};

/// The PDF of an issued invoice.
pub fn pdf(request: &Request, document: &Document) -> Vec<u8> {
    let lines = [
        "SANDBOX - NOT A TAX DOCUMENT".to_owned(),
        format!("Invoice {}", document.invoice_num),
        format!("Order {}", request.order_no),
        format!("Total {} CNY", request.total(0)),
    ];
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -24 Td ")).collect();
    let content = format!("BT /F1 14 Tf 72 760 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = file.len();
    let table: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n{table}", objects.len() + 1);
    file += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}
