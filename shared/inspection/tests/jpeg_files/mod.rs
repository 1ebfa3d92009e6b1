//! Generates pictures and JPEG files for tests: valid, unusual and malicious ones.
#![allow(dead_code, reason = "each test binary uses a part of the helpers")]

pub mod never_panics;

use inspection::image::Rgb8;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A soft oval on a light background with noise of `grain` grey levels. It compresses like a portrait.
pub fn picture(width: u32, height: u32, grain: u8) -> Rgb8 {
    let mut noise = Noise(0x9E37_79B9);
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x as f32 / width as f32 - 0.5, y as f32 / height as f32 - 0.45);
            let oval = 1.0 / (1.0 + (40.0 * (u * u * 1.6 + v * v - 0.09)).exp());
            let shade = (u * 31.0).sin() * (v * 23.0).cos() * 14.0 * oval;
            let speck = if grain == 0 { 0.0 } else { f32::from(noise.next() % grain) - f32::from(grain) / 2.0 };
            for (ground, skin) in [(238.0, 196.0), (240.0, 150.0), (243.0, 122.0)] {
                pixels.push((ground + (skin - ground) * oval + shade + speck) as u8);
            }
        }
    }
    Rgb8 { width, height, pixels }
}

pub fn pure_noise(width: u32, height: u32) -> Rgb8 {
    let mut noise = Noise(0x1234_5678);
    Rgb8 { width, height, pixels: (0..width * height * 3).map(|_| noise.next()).collect() }
}

struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 24) as u8
    }
}

/// Encoder settings of a test file. The encoder is not the one under test.
#[derive(Clone, Copy)]
pub struct Written {
    pub quality: u8,
    pub sampling: SamplingFactor,
    pub progressive: bool,
    /// With 4:2:0 this encoder then writes one scan for each component.
    pub optimised_tables: bool,
    pub restart_interval: u16,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            quality: 92,
            sampling: SamplingFactor::F_2_2,
            progressive: false,
            optimised_tables: false,
            restart_interval: 0,
        }
    }
}

impl Written {
    pub fn file(self, image: &Rgb8) -> Vec<u8> {
        self.file_of(&image.pixels, image.width, image.height, ColorType::Rgb)
    }

    pub fn file_of(self, data: &[u8], width: u32, height: u32, colour: ColorType) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, self.quality);
        encoder.set_sampling_factor(self.sampling);
        encoder.set_progressive(self.progressive);
        encoder.set_optimized_huffman_tables(self.optimised_tables);
        if self.restart_interval > 0 {
            encoder.set_restart_interval(self.restart_interval);
        }
        encoder.encode(data, width as u16, height as u16, colour).expect("the test encoder writes");
        bytes
    }
}

/// A marker segment with its length field.
pub fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker][..], &length, body].concat()
}

/// The file with a segment inserted after the start marker.
pub fn with_segment(file: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    [&file[..2], &segment(marker, body), &file[2..]].concat()
}

pub fn with_icc(file: &[u8], profile: &[u8]) -> Vec<u8> {
    with_segment(file, 0xE2, &[b"ICC_PROFILE\0\x01\x01", profile].concat())
}

pub fn with_orientation(file: &[u8], value: u16) -> Vec<u8> {
    let mut body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    body.extend(value.to_be_bytes());
    body.extend([0; 6]);
    with_segment(file, 0xE1, &body)
}

/// Offset of the body of the first segment with this marker.
pub fn find_segment(file: &[u8], marker: u8) -> usize {
    let mut at = 2;
    while file[at + 1] != marker {
        at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    }
    at + 4
}

/// The same file with other sides in its frame header.
pub fn claiming_size(file: &[u8], width: u16, height: u16) -> Vec<u8> {
    let frame = find_segment(file, 0xC0);
    let mut file = file.to_vec();
    file[frame + 1..frame + 3].copy_from_slice(&height.to_be_bytes());
    file[frame + 3..frame + 5].copy_from_slice(&width.to_be_bytes());
    file
}

/// A valid progressive file of `width` x `height` in which every scan after the first has only a few bytes (all zero),
/// but costs a pass over the whole picture.
pub fn progressive_bomb(width: u32, height: u32, scans: u8) -> Vec<u8> {
    let blocks = width.div_ceil(8) * height.div_ceil(8);
    let mut file = b"\xFF\xD8".to_vec();
    file.extend(segment(0xDB, &[&[0][..], &[16; 64]].concat()));
    let mut frame = vec![8];
    frame.extend((height as u16).to_be_bytes());
    frame.extend((width as u16).to_be_bytes());
    frame.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    file.extend(segment(0xC2, &frame));
    // One code of one bit: "difference 0" for the DC scan, "end of 16,384 or more blocks" for the AC scans.
    let one_code = |class: u8, symbol: u8| [&[class, 1][..], &[0; 15], &[symbol]].concat();
    file.extend(segment(0xC4, &one_code(0x00, 0x00)));
    file.extend(segment(0xC4, &one_code(0x10, 0xE0)));
    file.extend(segment(0xDA, &[3, 1, 0, 2, 0, 3, 0, 0, 0, 0]));
    file.resize(file.len() + (blocks as usize * 3).div_ceil(8), 0);
    for coefficient in 1..scans {
        file.extend(segment(0xDA, &[1, 1, 0, coefficient, coefficient, 0]));
        let runs = blocks.div_ceil(32_767);
        // A zero bit (the code) and fourteen one bits (the longest run); a stuffed zero after each byte 0xFF.
        let bits: String = (0..runs).map(|_| "011111111111111").collect();
        for byte in bits.as_bytes().chunks(8) {
            let value = (0..8).fold(0u8, |value, bit| value << 1 | u8::from(byte.get(bit) != Some(&b'0')));
            file.push(value);
            if value == 0xFF {
                file.push(0);
            }
        }
    }
    file.extend(b"\xFF\xD9");
    file
}

/// Peak signal to noise ratio in decibels.
pub fn psnr(one: &Rgb8, other: &Rgb8) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let sum: f64 = one.pixels.iter().zip(&other.pixels).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 / (sum / one.pixels.len() as f64).max(1e-9)).log10()
}
