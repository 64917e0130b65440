package dev.shakedown.results;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts keys. Single-threaded. Counting the same key again right away, as is usual under load, costs no look-up.
 */
final class Counts<K> {
    private final Map<K, long[]> byKey = new LinkedHashMap<>();
    private @Nullable K lastKey;
    private long @Nullable [] lastCount;
    private long total;

    void add(K key, long times) {
        if (lastCount == null || !Objects.equals(key, lastKey)) {
            lastKey = key;
            lastCount = byKey.computeIfAbsent(key, unseen -> new long[1]);
        }
        lastCount[0] += times;
        total += times;
    }

    boolean has(K key) {
        return byKey.containsKey(key);
    }

    int distinct() {
        return byKey.size();
    }

    long total() {
        return total;
    }

    /** Returns a copy, in order of first appearance. */
    Map<K, Long> copy() {
        var copy = new LinkedHashMap<K, Long>();
        byKey.forEach((key, count) -> copy.put(key, count[0]));
        return copy;
    }
}
