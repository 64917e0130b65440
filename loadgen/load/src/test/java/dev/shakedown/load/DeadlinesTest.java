package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines<String> deadlines = new Deadlines<>(100);

    @Test
    void theFirstAddedIsDueFirst() {
        deadlines.add("a", 5);
        deadlines.add("b", 7);
        assertFirst(105);
        assertEquals("a", deadlines.poll());
        assertFirst(107);
        assertEquals("b", deadlines.poll());
        assertNull(deadlines.poll());
        assertFalse(deadlines.isDue(Long.MAX_VALUE));
        var due = new NextDue();
        deadlines.first(due);
        assertFalse(due.isEver());
    }

    /** The earliest of the deadlines and of what else is due. */
    private void assertFirst(long nanos) {
        assertFalse(deadlines.isDue(nanos - 1));
        assertTrue(deadlines.isDue(nanos));
        var due = new NextDue();
        deadlines.first(due);
        assertEquals(nanos, due.nanos());
        due.orAt(nanos + 1);
        assertEquals(nanos, due.nanos());
        due.orAt(nanos - 1);
        assertEquals(nanos - 1, due.nanos());
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
        assertFirst(104);
    }
}
