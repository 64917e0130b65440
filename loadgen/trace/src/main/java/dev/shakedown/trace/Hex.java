package dev.shakedown.trace;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;

/** Bytes that are printed in hex. */
record Hex(byte[] bytes) {
    @JsonValue
    String hex() {
        return HexFormat.of().formatHex(bytes);
    }
}
