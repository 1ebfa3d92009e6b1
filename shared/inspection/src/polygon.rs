//! Polygons of landmarks: fill, scale and area.

/// Calls `visit(x, y)` for every pixel whose centre is inside the polygon and inside the `width` x `height` picture,
/// row by row. Does nothing for fewer than three points or coordinates that are not finite.
pub fn fill(points: &[[f32; 2]], width: usize, height: usize, mut visit: impl FnMut(usize, usize)) {
    let (low, high) = points.iter().fold((f32::MAX, f32::MIN), |(low, high), p| (low.min(p[1]), high.max(p[1])));
    if points.len() < 3 || !low.is_finite() || !high.is_finite() {
        return;
    }
    let first = (low - 0.5).ceil().max(0.0) as usize;
    let last = ((high - 0.5).floor().max(-1.0) + 1.0) as usize;
    let mut crossings = Vec::with_capacity(8);
    for y in first..last.min(height) {
        let line = y as f32 + 0.5;
        crossings.clear();
        for (a, b) in points.iter().zip(points.iter().cycle().skip(1)) {
            if (a[1] <= line) != (b[1] <= line) {
                crossings.push(a[0] + (line - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
            }
        }
        crossings.sort_by(f32::total_cmp);
        for span in crossings.chunks_exact(2) {
            let from = (span[0] - 0.5).ceil().max(0.0) as usize;
            let to = ((span[1] - 0.5).floor().max(-1.0) + 1.0) as usize;
            (from..to.min(width)).for_each(|x| visit(x, y));
        }
    }
}

/// Scales a polygon about its mean point.
pub fn scaled(points: &[[f32; 2]], factor: f32) -> Vec<[f32; 2]> {
    let centre = mean(points);
    points.iter().map(|p| [centre[0] + (p[0] - centre[0]) * factor, centre[1] + (p[1] - centre[1]) * factor]).collect()
}

/// Mean of the points.
pub fn mean(points: &[[f32; 2]]) -> [f32; 2] {
    let count = points.len().max(1) as f32;
    let sum = points.iter().fold([0.0, 0.0], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
    [sum[0] / count, sum[1] / count]
}

/// Area by the shoelace formula.
pub fn area(points: &[[f32; 2]]) -> f32 {
    let twice: f32 = points.iter().zip(points.iter().cycle().skip(1)).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
    twice.abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fill_visits_the_area_of_a_square_clipped_to_the_picture() {
        let square = [[2.0, 2.0], [6.0, 2.0], [6.0, 6.0], [2.0, 6.0]];
        let mut count = 0;
        fill(&square, 10, 10, |_, _| count += 1);
        assert_eq!((count, area(&square)), (16, 16.0));
        let mut clipped = 0;
        fill(&square, 4, 4, |x, y| {
            assert!(x < 4 && y < 4);
            clipped += 1;
        });
        assert_eq!(clipped, 4);
        fill(&[[f32::NAN, 0.0], [1.0, 1.0], [2.0, 0.0]], 4, 4, |_, _| ());
    }
}
