"""The stages of the inspection in Python, as they are usually implemented: MediaPipe and OpenCV, one thread.

Started by `main.rs`. Reads the name of a photo per line, inspects it once, and writes one line of JSON.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

# Set before MediaPipe is imported, because it starts one thread per processor.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import cv2
import mediapipe as mp
import numpy as np

cv2.setNumThreads(1)
WIDTH, HEIGHT, FACE_WIDTH, EYES = 358, 441, 207.0, (179.0, 172.0)
LARGEST = 1600
MOST_BYTES = 28_672
RIGHT_EYE, LEFT_EYE, CHEEKS, CHIN = (33, 133), (362, 263), (234, 454), 152
LIPS = (13, 14, 78, 308)
LIDS = ((159, 145, 33, 133), (386, 374, 263, 362))

detector = mp.solutions.face_detection.FaceDetection(model_selection=0, min_detection_confidence=0.5)
mesher = mp.solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True)
segmenter = mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)


def inspect(data, reduced):
    picture = decode(data, reduced)
    height, width = picture.shape[:2]
    colours = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    faces = detector.process(colours).detections or []
    meshes = mesher.process(colours).multi_face_landmarks or []
    if not meshes:
        return {"faces": len(faces)}
    points = np.array([(p.x * width, p.y * height, p.z * width) for p in meshes[0].landmark], np.float32)
    frame = upright(points)
    portrait = cv2.warpAffine(picture, frame, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    person = segmenter.process(cv2.cvtColor(portrait, cv2.COLOR_BGR2RGB)).segmentation_mask
    person = cv2.ximgproc.guidedFilter(portrait, person, 6, 1e-4 * 255 * 255)
    measured = {"faces": len(faces), **geometry(points), **photometry(portrait, person, points, frame)}
    share = np.clip((person - 0.08) / 0.84, 0.0, 1.0)[:, :, None]
    white = (portrait * share + 255.0 * (1.0 - share)).astype(np.uint8)
    measured["bytes"] = len(encode(white))
    return measured


def decode(data, reduced):
    """`reduced` decodes large files at half their size, an option of OpenCV that few programs use."""
    flags = cv2.IMREAD_REDUCED_COLOR_2 if reduced and len(data) > 600_000 else cv2.IMREAD_COLOR
    picture = cv2.imdecode(data, flags)
    longest = max(picture.shape[:2])
    if longest <= LARGEST:
        return picture
    return cv2.resize(picture, None, fx=LARGEST / longest, fy=LARGEST / longest, interpolation=cv2.INTER_AREA)


def upright(points):
    """The similarity transform that makes the eye line horizontal and scales the face to its size in the standard photo."""
    right, left = (points[list(eye), :2].mean(axis=0) for eye in (RIGHT_EYE, LEFT_EYE))
    middle, across = (right + left) / 2, left - right
    scale = FACE_WIDTH / np.linalg.norm(points[CHEEKS[0], :2] - points[CHEEKS[1], :2])
    angle = np.arctan2(across[1], across[0])
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    x, y = EYES
    return np.float32([[cos, sin, x - cos * middle[0] - sin * middle[1]], [-sin, cos, y + sin * middle[0] - cos * middle[1]]])


def geometry(points):
    def apart(a, b):
        return float(np.linalg.norm(points[a, :2] - points[b, :2]))

    across, along = points[CHEEKS[1]] - points[CHEEKS[0]], points[CHIN] - points[10]
    return {
        "roll": float(np.degrees(np.arctan2(across[1], across[0]))),
        "yaw": float(np.degrees(np.arctan2(across[2], across[0]))),
        "pitch": float(np.degrees(np.arctan2(-along[2], along[1]))),
        "mouth": apart(LIPS[0], LIPS[1]) / apart(LIPS[2], LIPS[3]),
        "eyes": min(apart(up, low) / apart(outer, inner) for up, low, outer, inner in LIDS),
    }


def photometry(portrait, person, points, frame):
    grey = cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY)
    lab = cv2.cvtColor(portrait.astype(np.float32) / 255.0, cv2.COLOR_BGR2LAB)
    oval = cv2.convexHull(cv2.transform(points[None, :468, :2], frame)[0]).astype(np.int32)
    face = cv2.fillConvexPoly(np.zeros(grey.shape, np.uint8), oval, 255) > 0
    background = cv2.erode((person < 0.08).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    left, right = face.copy(), face.copy()
    left[:, : WIDTH // 2], right[:, WIDTH // 2 :] = False, False
    rows = np.flatnonzero((person > 0.5).sum(axis=1) > 12)
    measured = {
        "sharpness": float(cv2.Laplacian(grey, cv2.CV_32F)[face].var()),
        "luminance": float(lab[:, :, 0][face].mean()),
        "sides": float(lab[:, :, 0][left].mean() - lab[:, :, 0][right].mean()),
        "skin": [float(value) for value in lab[face].mean(axis=0)],
        "crown": int(rows[0]) if len(rows) else None,
    }
    if background.any():
        measured["background"] = [float(value) for value in np.median(lab[background], axis=0)]
        measured["background spread"] = float(lab[:, :, 0][background].std())
    return measured


def encode(picture):
    """The highest quality within the size limit, by binary search."""
    low, high, best = 1, 100, b""
    while low <= high:
        quality = (low + high) // 2
        file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(file) <= MOST_BYTES:
            low, best = quality + 1, file
        else:
            high = quality - 1
    return best


def main():
    reduced = "--reduced" in sys.argv
    for line in sys.stdin:
        data = np.frombuffer(Path(line.strip()).read_bytes(), np.uint8)
        start = time.process_time_ns()
        measured = inspect(data, reduced)
        end = time.process_time_ns()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        times = {"cpu_ms": (end - start) / 1e6, "all_ms": end / 1e6, "peak_mb": peak}
        print(json.dumps({**times, "measured": measured}), flush=True)


main()
