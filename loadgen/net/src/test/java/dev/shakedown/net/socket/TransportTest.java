package dev.shakedown.net.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("interop")
class TransportTest {

    /** No system supports all of them. */
    @ParameterizedTest
    @EnumSource
    void eachCanBeUsedOrSaysWhyNot(Transport transport) {
        if (transport.isAvailable()) {
            assertEquals(transport, transport.usable());
        } else {
            var message = assertThrows(IllegalArgumentException.class, transport::usable)
                    .getMessage();
            assertTrue(message.startsWith("transport " + transport.label() + " cannot be used here ("), message);
            assertFalse(message.contains("null"), message);
            assertTrue(message.contains("nio"), message);
        }
    }
}
