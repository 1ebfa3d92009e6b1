//! Metadata that image editors leave in a file. It proves that an editor wrote the file, not that the person was
//! retouched.

use super::exif::readable;

/// Lines that are kept for one file.
const TRACES_MAX: usize = 16;

/// Programs that edit pictures of people. They are searched in `Software`, `CreatorTool` and comments, ignoring case.
const EDITORS: [&str; 38] = [
    "photoshop",
    "lightroom",
    "camera raw",
    "firefly",
    "gimp",
    "affinity",
    "pixelmator",
    "paint.net",
    "photoscape",
    "acdsee",
    "picasa",
    "capture one",
    "luminar",
    "snapseed",
    "picsart",
    "facetune",
    "faceapp",
    "faceu",
    "beautyplus",
    "b612",
    "vsco",
    "polarr",
    "remini",
    "canva",
    "capcut",
    "meitu",
    "xiuxiu",
    "xingtu",
    "ulike",
    "美图",
    "美颜",
    "醒图",
    "轻颜",
    "剪映",
    "光影魔术手",
    "stable diffusion",
    "midjourney",
    "comfyui",
];

/// Readable lines, without duplicates.
#[derive(Debug, Default)]
pub(super) struct EditorTraces(Vec<String>);

impl EditorTraces {
    pub(super) fn into_lines(self) -> Vec<String> {
        self.0
    }

    fn note(&mut self, line: String) {
        if self.0.len() < TRACES_MAX && !self.0.contains(&line) {
            self.0.push(line);
        }
    }

    pub(super) fn note_program(&mut self, place: &str, program: &str) {
        let lower = program.to_lowercase();
        if EDITORS.iter().any(|editor| lower.contains(editor)) {
            self.note(format!("{place}: {program}"));
        }
    }

    pub(super) fn read_comment(&mut self, body: &[u8]) {
        if let Some(text) = readable(body) {
            self.note_program("comment", &text);
        }
    }

    /// `marker` is an application segment, 0xE0 to 0xEF.
    pub(super) fn read_application(&mut self, marker: u8, body: &[u8]) {
        match marker & 0x0F {
            1 if body.starts_with(b"http://ns.adobe.com/xap/1.0/\0") => self.read_xmp(body),
            11 if contains(body, b"c2pa") => self.note("content credentials (C2PA)".to_owned()),
            12 if body.starts_with(b"Ducky") => self.note("Ducky segment (Photoshop, save for web)".to_owned()),
            13 if body.starts_with(b"Photoshop 3.0\0") => self.note("Photoshop image resources".to_owned()),
            _ => {}
        }
    }

    fn read_xmp(&mut self, packet: &[u8]) {
        if let Some(tool) = value_of(packet, b"xmp:CreatorTool") {
            self.note_program("XMP creator tool", &tool);
        }
        if let Some(agent) = value_of(packet, b"stEvt:softwareAgent") {
            self.note(format!("XMP history: {agent}"));
        }
        if contains(packet, b"crs:Version") {
            self.note("XMP camera raw settings".to_owned());
        }
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    find(bytes, needle).is_some()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// The value of an XMP property written either as an attribute (`name="value"`) or as an element (`<name>value<`).
fn value_of(packet: &[u8], name: &[u8]) -> Option<String> {
    let rest = &packet[find(packet, name)? + name.len()..];
    let end: &[u8] = match rest.first_chunk::<2>()? {
        b"=\"" => b"\"",
        b"='" => b"'",
        [b'>', _] => b"<",
        _ => return None,
    };
    let rest = if rest[0] == b'>' { &rest[1..] } else { &rest[2..] };
    readable(&rest[..find(rest, end)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_are_found_in_every_segment_and_phone_software_is_ignored() {
        let mut traces = EditorTraces::default();
        traces.note_program("EXIF software", "17.1.2");
        traces.note_program("EXIF software", "Adobe Photoshop 25.0 (Windows)");
        traces.read_comment("美图秀秀\0".as_bytes());
        traces.read_application(0xEC, b"Ducky\0\x01");
        traces.read_application(0xED, b"Photoshop 3.0\08BIM");
        let xmp = b"http://ns.adobe.com/xap/1.0/\0<x xmp:CreatorTool=\"GIMP 2.10\"><stEvt:softwareAgent>Snap</stEvt:softwareAgent>";
        traces.read_application(0xE1, xmp);
        assert_eq!(
            traces.into_lines(),
            [
                "EXIF software: Adobe Photoshop 25.0 (Windows)",
                "comment: 美图秀秀",
                "Ducky segment (Photoshop, save for web)",
                "Photoshop image resources",
                "XMP creator tool: GIMP 2.10",
                "XMP history: Snap",
            ]
        );
    }

    #[test]
    fn the_list_is_bounded_and_malformed_packets_are_ignored() {
        let mut traces = EditorTraces::default();
        for version in 0..100 {
            traces.note_program("EXIF software", &format!("Photoshop {version}"));
        }
        for packet in [&b"xmp:CreatorTool"[..], b"xmp:CreatorTool=\"GIMP", b"xmp:CreatorTool>", b""] {
            assert_eq!(value_of(packet, b"xmp:CreatorTool"), None);
        }
        assert_eq!(traces.into_lines().len(), TRACES_MAX);
    }
}
