//! A receipt as PDF.
//!
//! Owns: one page with a line of text, with a correct cross-reference table. Deliberately absent: fonts and
//! letters beyond ASCII.

/// A page that names this order.
pub(super) fn receipt(number: &str) -> Vec<u8> {
    let text = format!("BT /F1 20 Tf 60 760 Td (Payment receipt - order {number}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (place, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", place + 1));
    }
    let table_at = file.len();
    file.push_str(&table);
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_point_at_objects() {
        let file = String::from_utf8(receipt("123456")).unwrap();
        for (place, line) in file.lines().filter(|line| line.ends_with(" n ")).enumerate() {
            let offset: usize = line.split(' ').next().unwrap().parse().unwrap();
            assert!(file.get(offset..).unwrap().starts_with(&format!("{} 0 obj", place + 1)));
        }
    }
}
