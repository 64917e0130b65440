package dev.shakedown.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CannotRunExceptionTest {
    @Test
    void itSaysWhatItsCauseSaysOrWhatThatIs() {
        assertEquals("no space left", new CannotRunException(new IOException("no space left")).getMessage());
        assertEquals("java.io.EOFException", new CannotRunException(new EOFException()).getMessage());
    }
}
