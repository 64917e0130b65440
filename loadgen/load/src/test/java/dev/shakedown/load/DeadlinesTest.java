package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines<String> deadlines = new Deadlines<>(100);

    @Test
    void theFirstAddedIsDueFirst() {
        deadlines.add("a", 5);
        deadlines.add("b", 7);
        assertEquals(105, deadlines.firstNanos());
        assertEquals("a", deadlines.poll());
        assertEquals(107, deadlines.firstNanos());
        assertEquals("b", deadlines.poll());
        assertNull(deadlines.poll());
        assertEquals(Long.MAX_VALUE, deadlines.firstNanos());
    }

    @Test
    void anyOneCanBeTakenOutOnceOrTwice() {
        var a = deadlines.add("a", 1);
        var b = deadlines.add("b", 2);
        var c = deadlines.add("c", 3);
        deadlines.remove(b);
        deadlines.remove(b);
        assertEquals("a", deadlines.poll());
        deadlines.remove(a);
        deadlines.remove(c);
        assertTrue(deadlines.isEmpty());
        deadlines.add("d", 4);
        assertEquals(104, deadlines.firstNanos());
    }
}
