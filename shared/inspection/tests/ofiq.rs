//! Compares the mappings of [`inspection::measure::ofiq`] with the published conformance table of OFIQ 1.0.3.

use inspection::measure::ofiq;

type Mapping = fn(f64) -> u8;
type Row = (&'static str, Mapping, &'static [(f64, u8)]);

/// Measure, mapping, native values and their scalars.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("BackgroundUniformity", ofiq::background_uniformity, &[(242.789467, 17), (87.475872, 60), (66.769635, 69), (46.267522, 78), (35.980417, 83)]),
    ("IlluminationUniformity", ofiq::illumination_uniformity, &[(0.012111, 27), (0.106939, 51), (0.166955, 58), (0.274221, 68), (0.842057, 95)]),
    ("LuminanceMean", ofiq::luminance_mean, &[(0.103719, 13), (0.225396, 62), (0.277023, 82), (0.30336, 89), (0.497561, 100)]),
    ("LuminanceVariance", ofiq::luminance_variance, &[(0.067912, 58), (0.04005, 80), (0.030372, 90), (0.024641, 95), (0.014954, 100)]),
    ("UnderExposurePrevention", ofiq::under_exposure, &[(0.049163, 100)]),
    ("OverExposurePrevention", ofiq::over_exposure, &[(6.5e-05, 99), (0.0, 100)]),
    ("DynamicRange", ofiq::dynamic_range, &[(5.55899, 69), (6.433408, 80), (6.712063, 84), (7.025578, 88), (7.609802, 95)]),
    ("NaturalColour", ofiq::natural_colour, &[(100.0, 0), (4.726742, 77), (0.948361, 95), (0.171868, 99), (0.0, 100)]),
    ("SingleFacePresent", ofiq::complement, &[(0.333736, 67), (0.316289, 68), (0.0, 100)]),
    ("EyesOpen", ofiq::eyes_open, &[(0.023177, 58), (0.050625, 96), (0.060311, 98), (0.07022, 99), (0.074475, 100)]),
    ("MouthClosed", ofiq::mouth_closed, &[(0.082712, 88), (0.065274, 90), (0.040533, 93), (0.027464, 95), (0.002466, 96)]),
    ("InterEyeDistance", ofiq::inter_eye_distance, &[(493.556527, 100)]),
    ("HeadSize", ofiq::head_size, &[(0.134956, 0), (0.185504, 1), (0.224851, 2), (0.238479, 3), (0.248645, 4)]),
    ("LeftwardCropOfTheFaceImage", ofiq::side_crop, &[(3.428939, 100)]),
    ("MarginAboveOfTheFaceImage", ofiq::margin_above, &[(1.548853, 82), (1.741202, 97), (1.768317, 98), (1.915176, 99), (2.426863, 100)]),
    ("MarginBelowOfTheFaceImage", ofiq::margin_below, &[(1.725211, 32), (1.750326, 38), (2.022937, 90), (2.226854, 99), (2.364051, 100)]),
    ("HeadPoseYaw", ofiq::pose, &[(-7.966364, 98), (-4.255126, 99), (-1.20676, 100)]),
    ("HeadPosePitch", ofiq::pose, &[(16.617661, 92), (13.847975, 94), (10.251065, 97), (6.903509, 99), (1.180704, 100)]),
    ("HeadPoseRoll", ofiq::pose, &[(-27.373343, 79), (16.291553, 92), (4.400784, 99), (1.415725, 100)]),
    ("EyesVisible", ofiq::complement, &[(1.0, 0), (0.482405, 52), (0.189971, 81), (0.076569, 92), (0.0, 100)]),
    ("FaceOcclusionPrevention", ofiq::complement, &[(0.73643, 26), (0.52303, 48), (0.182349, 82), (0.10081, 90), (0.004408, 100)]),
];

#[test]
fn native_values_map_to_the_published_scalars() {
    for (measure, mapping, figures) in TABLE {
        for (native, scalar) in *figures {
            assert_eq!(mapping(*native), *scalar, "{measure} {native}");
        }
    }
}
