package dev.shakedown.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RulerTest {
    /** Two of thirty iterations may be too fast, and twenty-six disturbed, without changing the figure. */
    @Test
    void aTenthIsBelowTheFigure() {
        var figures = DoubleStream.concat(DoubleStream.of(1, 100, 1, 100),
                DoubleStream.iterate(1000, each -> each + 1).limit(26)).toArray();
        var before = figures.clone();
        assertEquals(100, Ruler.quickest(figures));
        assertArrayEquals(before, figures);
        assertEquals(7, Ruler.quickest(new double[]{7}));
    }

    @Test
    void aMachineIsMeasured() {
        var ruler = Ruler.measure();
        assertTrue(ruler.nanos() > 1000 && ruler.nanos() < 10_000_000, ruler::toString);
        // Of sorted rounds the median is not less than the lower quartile.
        assertTrue(ruler.crowd() >= 1, ruler::toString);
        assertEquals(new Ruler(2, 6), Ruler.mean(new Ruler(1, 4), new Ruler(3, 8)));
    }
}
