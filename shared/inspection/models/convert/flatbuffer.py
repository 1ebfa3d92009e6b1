"""Reads FlatBuffers tables, the container format of TensorFlow Lite files."""

import struct


class Table:
    """A table in a buffer. Fields have the numbers of the schema; an absent field has its default value."""

    def __init__(self, data, position):
        self.data = data
        self.position = position

    @classmethod
    def root(cls, data):
        return cls(data, _follow(data, 0))

    def _field(self, index):
        """Position of a field's value, or None. The table starts with the distance to its list of offsets."""
        offsets = self.position - _read(self.data, "<i", self.position)
        slot = 4 + 2 * index
        if slot >= _read(self.data, "<H", offsets):
            return None
        offset = _read(self.data, "<H", offsets + slot)
        return self.position + offset if offset else None

    def byte(self, index, default=0):
        at = self._field(index)
        return default if at is None else _read(self.data, "<b", at)

    def int(self, index, default=0):
        at = self._field(index)
        return default if at is None else _read(self.data, "<i", at)

    def table(self, index):
        at = self._field(index)
        return None if at is None else Table(self.data, _follow(self.data, at))

    def tables(self, index):
        start, count = self._vector(index)
        return [Table(self.data, _follow(self.data, start + 4 * item)) for item in range(count)]

    def ints(self, index):
        start, count = self._vector(index)
        return list(struct.unpack_from(f"<{count}i", self.data, start))

    def bytes(self, index):
        """A vector of bytes, or a string."""
        start, count = self._vector(index)
        return self.data[start : start + count]

    def _vector(self, index):
        at = self._field(index)
        if at is None:
            return 0, 0
        start = _follow(self.data, at)
        return start + 4, _read(self.data, "<I", start)


def _read(data, form, position):
    return struct.unpack_from(form, data, position)[0]


def _follow(data, position):
    return position + _read(data, "<I", position)
