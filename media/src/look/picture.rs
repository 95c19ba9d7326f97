//! Pictures: size as shown, and a small copy without any of the file's metadata.

use std::io::{BufReader, Cursor, Read, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, RgbImage};

use super::Look;
use crate::Error;
use crate::strip::{jpeg, webp};

/// Pixels of a thumbnail's longer side.
pub const THUMBNAIL_SIDE: u32 = 480;

/// Bytes of a picture that is looked at; platforms take half of it.
const MAX_FILE: u64 = 24 << 20;

/// Pixels of a picture that is decoded.
const MAX_PIXELS: u64 = 16 << 20;

/// Bytes that decoding may hold, the picture itself included.
const MAX_HELD: u64 = 56 << 20;

/// Bytes that a decoder may allocate for what is not the picture: colour profiles and tables.
const MAX_ASIDE: u64 = 4 << 20;

/// Bytes of a thumbnail that keeps transparency; a larger one is put on white.
const MAX_TRANSPARENT: usize = 96 << 10;

/// A small copy of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    pub bytes: Vec<u8>,
    /// `image/jpeg`, or `image/webp` for a transparent one.
    pub mime_type: &'static str,
    pub width: u32,
    pub height: u32,
}

pub(super) fn look<R: Read + Seek>(mut file: BufReader<R>, length: u64, mime: &str) -> Look {
    let Some(format) = ImageFormat::from_mime_type(mime).filter(|_| length <= MAX_FILE) else {
        return Look::default();
    };
    let Ok(hidden) = Hidden::of(&mut file, format) else { return Look::default() };
    if file.rewind().is_err() {
        return Look::default();
    }
    let mut reader = ImageReader::with_format(file, format);
    reader.limits(limits(format));
    let Ok(mut decoder) = reader.into_decoder() else { return Look::default() };
    let turned = match hidden.orientation {
        Some(orientation) => orientation,
        None => decoder.orientation().unwrap_or(Orientation::NoTransforms),
    };
    let (width, height) = shown(decoder.dimensions(), turned);
    if width == 0 || height == 0 {
        return Look::default();
    }
    let fits = u64::from(width) * u64::from(height) <= MAX_PIXELS
        && held(&decoder, format, hidden.bytes, length) <= MAX_HELD;
    let thumbnail = if fits { thumbnail(decoder, turned).ok() } else { None };
    Look { width: Some(width), height: Some(height), thumbnail, ..Look::default() }
}

/// What the decoder doesn't tell before it decodes.
struct Hidden {
    orientation: Option<Orientation>,
    /// Bytes that decoding holds beside file and picture.
    bytes: u64,
}

impl Hidden {
    fn of<R: Read + Seek>(file: &mut BufReader<R>, format: ImageFormat) -> Result<Hidden, Error> {
        match format {
            ImageFormat::Jpeg => {
                let frame = jpeg::frame(file)?;
                Ok(Hidden { orientation: Some(frame.orientation), bytes: frame.coefficients })
            }
            // Planes, one of brightness and two of colours at half its size, of macroblocks.
            ImageFormat::WebP => Ok(Hidden { orientation: None, bytes: webp::coded_pixels(file)? * 3 / 2 }),
            _ => Ok(Hidden { orientation: None, bytes: 0 }),
        }
    }
}

/// A GIF's frame may be larger than its screen, and both are held.
fn limits(format: ImageFormat) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(if format == ImageFormat::Gif { MAX_HELD / 2 } else { MAX_ASIDE });
    limits
}

/// Bytes that decoding holds at a time, by what the decoders of `image` do.
fn held(decoder: &impl ImageDecoder, format: ImageFormat, hidden: u64, length: u64) -> u64 {
    let picture = decoder.total_bytes();
    match format {
        ImageFormat::Jpeg => length.saturating_add(picture).saturating_add(hidden),
        // The frame beside the picture.
        ImageFormat::Gif => picture.saturating_mul(2),
        // A frame, and the canvas of an animation.
        ImageFormat::WebP => length.saturating_add(picture.saturating_mul(3)).saturating_add(hidden),
        _ => picture,
    }
}

fn thumbnail(decoder: impl ImageDecoder, turned: Orientation) -> ImageResult<Thumbnail> {
    let whole = DynamicImage::from_decoder(decoder)?;
    let longer = whole.width().max(whole.height());
    let mut small =
        if longer > THUMBNAIL_SIDE { whole.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE) } else { whole };
    small.apply_orientation(turned);
    let (width, height) = (small.width(), small.height());
    let small = small.into_rgba8();
    if small.pixels().any(|pixel| pixel.0[3] < 255) {
        let mut bytes = Cursor::new(Vec::new());
        small.write_to(&mut bytes, ImageFormat::WebP)?;
        let bytes = bytes.into_inner();
        if bytes.len() <= MAX_TRANSPARENT {
            return Ok(Thumbnail { bytes, mime_type: "image/webp", width, height });
        }
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 80).encode_image(&on_white(&small))?;
    Ok(Thumbnail { bytes, mime_type: "image/jpeg", width, height })
}

fn on_white(picture: &image::RgbaImage) -> RgbImage {
    let mut opaque = RgbImage::new(picture.width(), picture.height());
    for (to, from) in opaque.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let mix = |colour: u16| ((colour * alpha + 255 * (255 - alpha)) / 255) as u8;
        to.0 = [mix(red), mix(green), mix(blue)];
    }
    opaque
}

fn shown((width, height): (u32, u32), turned: Orientation) -> (u32, u32) {
    match turned {
        Orientation::NoTransforms | Orientation::Rotate180 => (width, height),
        Orientation::FlipHorizontal | Orientation::FlipVertical => (width, height),
        _ => (height, width),
    }
}
