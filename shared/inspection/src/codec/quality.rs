//! Estimates the quality setting of the encoder from a file's quantisation tables.

/// What the quantisation tables indicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tables {
    /// Quality 1..=100 on the scale of the Independent JPEG Group (IJG) whose table is the most similar.
    pub quality: u8,
    /// Which encoder's tables they are.
    pub family: TableFamily,
}

/// Origin of the quantisation tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFamily {
    /// The tables of ISO/IEC 10918-1 annex K with the scaling of the IJG: the quality is exact.
    AnnexK,
    /// The default tables of mozjpeg, also used by many web services: the quality is exact.
    Mozjpeg,
    /// Tables of a camera or an editor: the quality is an estimate.
    Other,
}

impl TableFamily {
    /// Name for tables and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnnexK => "IJG",
            Self::Mozjpeg => "mozjpeg",
            Self::Other => "own",
        }
    }
}

/// Annex K table K.1 in zigzag order.
#[rustfmt::skip]
const ANNEX_K_LUMA: [u16; 64] = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

/// N. Robidoux's table, mozjpeg's default for luma and chroma, in zigzag order.
#[rustfmt::skip]
const MOZJPEG: [u16; 64] = [
    16, 16, 16, 16, 17, 16, 18, 20, 20, 18, 25, 27, 24, 27, 25, 37,
    34, 31, 31, 34, 37, 56, 40, 43, 40, 43, 40, 56, 85, 53, 62, 53,
    53, 62, 53, 85, 75, 91, 74, 69, 74, 91, 75, 135, 106, 94, 94, 106,
    135, 156, 131, 124, 131, 156, 189, 169, 169, 189, 238, 226, 238, 311, 311, 418,
];

fn scaled(base: &[u16; 64], quality: u8) -> impl Iterator<Item = u16> + '_ {
    let quality = u32::from(quality);
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    base.iter().map(move |&step| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u16)
}

impl Tables {
    /// Compares the luma table, in the zigzag order of the file, with the known tables.
    pub fn of(luma: &[u16; 64]) -> Self {
        for (base, family) in [(&ANNEX_K_LUMA, TableFamily::AnnexK), (&MOZJPEG, TableFamily::Mozjpeg)] {
            // From the highest quality: the lowest qualities share a table.
            if let Some(quality) = (1..=100).rev().find(|&quality| scaled(base, quality).eq(luma.iter().copied())) {
                return Self { quality, family };
            }
        }
        let distance = |quality: &u8| -> u32 {
            scaled(&ANNEX_K_LUMA, *quality).zip(luma).map(|(ours, &theirs)| u32::from(ours.abs_diff(theirs))).sum()
        };
        let quality = (1..=100).rev().min_by_key(distance).unwrap_or(1);
        Self { quality, family: TableFamily::Other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annex_k_tables_give_their_exact_quality() {
        for quality in 2..=100 {
            let table: Vec<u16> = scaled(&ANNEX_K_LUMA, quality).collect();
            let tables = Tables::of(&table.try_into().expect("64 steps"));
            assert_eq!(tables, Tables { quality, family: TableFamily::AnnexK });
        }
    }

    #[test]
    fn unknown_tables_give_the_quality_of_the_most_similar_table() {
        let mut table: Vec<u16> = scaled(&ANNEX_K_LUMA, 70).collect();
        table[3] += 1;
        table[40] -= 2;
        let tables = Tables::of(&table.try_into().expect("64 steps"));
        assert_eq!(tables, Tables { quality: 70, family: TableFamily::Other });
    }
}
