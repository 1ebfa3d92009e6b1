//! The converted networks give the outputs of the published ones. The expected numbers were computed once from the
//! original TensorFlow Lite files with Google's runtime (LiteRT 2.3.0) on the picture that is generated here.

use inspection::network::{LoadError, Network, OnnxRuntime, cache_folder};

/// A bright oval on a gradient, in the input format of the networks: one channel after the other, 0 to 1.
fn oval(side: usize) -> Vec<f32> {
    let mut planes = vec![0.0; 3 * side * side];
    for at in 0..side * side {
        let u = ((at % side) as f32 + 0.5) / side as f32;
        let v = ((at / side) as f32 + 0.5) / side as f32;
        let d = ((u - 0.5) / 0.3).powi(2) + ((v - 0.45) / 0.4).powi(2);
        let background = [0.2 + 0.3 * u, 0.3 + 0.3 * v, 0.5];
        let inside = [0.8 - 0.3 * d, 0.6 - 0.3 * d, 0.5 - 0.3 * d];
        for channel in 0..3 {
            planes[channel * side * side + at] = if d < 1.0 { inside[channel] } else { background[channel] };
        }
    }
    planes
}

fn outputs(file: &str, side: usize) -> Vec<Vec<f32>> {
    let folder = cache_folder();
    let runtime = OnnxRuntime::load(&folder).expect("shared/inspection/models/fetch has run");
    runtime.network(file).expect("the network loads").run(&oval(side)).expect("the network runs")
}

fn assert_numbers(output: &[f32], expected: &[(usize, f32)]) {
    for &(at, expected) in expected {
        assert!((output[at] - expected).abs() < 1e-3, "number {at} is {} instead of {expected}", output[at]);
    }
}

#[test]
fn detector_gives_the_outputs_of_the_original() {
    let outputs = outputs("detector.onnx", 128);
    assert_eq!(outputs.iter().map(Vec::len).collect::<Vec<_>>(), [896 * 16, 896]);
    assert_numbers(
        &outputs[0],
        &[(0, 0.0433), (1792, -0.4419), (5376, -0.1926), (8960, 1.3317), (10752, 15.3056), (12544, -11.3193)],
    );
    assert_numbers(&outputs[1], &[(0, -5.3727), (224, -6.1521), (448, -5.572), (672, -0.8429), (784, -2.4319)]);
}

#[test]
fn mesh_gives_the_outputs_of_the_original() {
    let outputs = outputs("mesh.onnx", 192);
    assert_eq!(outputs.iter().map(Vec::len).collect::<Vec<_>>(), [468 * 3, 1]);
    assert_numbers(
        &outputs[0],
        &[(0, 102.9205), (175, 117.5982), (526, 157.7948), (702, 44.7567), (877, 131.2276), (1228, 129.3313)],
    );
    assert_numbers(&outputs[1], &[(0, -2.337)]);
}

#[test]
fn iris_gives_the_outputs_of_the_original() {
    let outputs = outputs("iris.onnx", 64);
    assert_eq!(outputs.iter().map(Vec::len).collect::<Vec<_>>(), [71 * 3, 5 * 3]);
    assert_numbers(
        &outputs[0],
        &[(0, 23.7519), (26, -1.1472), (79, 28.6874), (106, 44.6539), (159, 35.7749), (186, 50.9928)],
    );
    assert_numbers(&outputs[1], &[(0, 33.0975), (1, 31.7877), (3, 36.825), (7, 27.8991), (13, 35.3458)]);
}

#[test]
fn person_gives_the_outputs_of_the_original() {
    let outputs = outputs("person.onnx", 256);
    assert_eq!(outputs.iter().map(Vec::len).collect::<Vec<_>>(), [256 * 256]);
    assert_numbers(
        &outputs[0],
        &[
            (45241, 0.4998),
            (36809, 0.4735),
            (55151, 0.4545),
            (41153, 0.5779),
            (10368, 1.0),
            (16474, 1.0),
            (28190, 0.0),
            (28220, 1.0),
            (32896, 1.0),
            (46280, 0.0),
            (56448, 0.0),
            (64010, 0.0),
        ],
    );
}

#[test]
fn network_gives_the_same_outputs_on_two_threads() {
    let folder = cache_folder();
    let runtime = OnnxRuntime::load(&folder).expect("shared/inspection/models/fetch has run");
    let network = runtime.network("iris.onnx").expect("the network loads");
    let once = || network.run(&oval(64)).expect("the network runs");
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(once);
        (once(), other.join().expect("the other thread"))
    });
    assert_eq!(first, second);
}

#[test]
fn loading_without_the_runtime_or_a_network_names_the_missing_file() {
    let empty = std::env::temp_dir().join("idphoto-no-networks");
    let folder = cache_folder();
    let loaded = OnnxRuntime::load(&folder).expect("shared/inspection/models/fetch has run");
    assert!(matches!(loaded.network("nose.onnx"), Err(LoadError::Missing(path)) if path.ends_with("nose.onnx")));
    let network = OnnxRuntime::load(&empty).and_then(|runtime| runtime.network("iris.onnx").map(drop));
    let message = network.expect_err("the folder is empty").to_string();
    assert!(message.contains("shared/inspection/models/fetch"), "{message}");
}
