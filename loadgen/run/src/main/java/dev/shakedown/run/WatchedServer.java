package dev.shakedown.run;

import dev.shakedown.load.process.CpuReading;
import dev.shakedown.load.process.CpuSource;
import dev.shakedown.load.process.ServerCpu;
import dev.shakedown.server.TlsServer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/** What is observed of the server besides its answers. */
public sealed interface WatchedServer {
    /** Nothing is observed. */
    record Nothing() implements WatchedServer {
        @Override
        public Optional<CpuSource> cpu() {
            return Optional.empty();
        }

        @Override
        public OptionalLong id() {
            return OptionalLong.empty();
        }
    }

    /** The server's process on this machine; see {@link ServerCpu#canWatch}. */
    record Process(long pid) implements WatchedServer {
        @Override
        public Optional<CpuSource> cpu() {
            return Optional.of(new ServerCpu(pid));
        }

        @Override
        public OptionalLong id() {
            return OptionalLong.of(pid);
        }
    }

    /** The embedded server, which shares this process with the generator. */
    record Embedded(TlsServer server) implements WatchedServer {
        @Override
        public Optional<CpuSource> cpu() {
            return Optional.of(() -> CpuReading.exact(server.cpuNanos()));
        }

        @Override
        public OptionalLong id() {
            return OptionalLong.of(ProcessHandle.current().pid());
        }

        /** Returns the CPU time that the server has used so far, in seconds. */
        DoubleSupplier cpuSeconds() {
            return () -> server.cpuNanos() / 1e9;
        }
    }

    /** Returns where to read the server's CPU time during one run; empty if it is not watched. */
    Optional<CpuSource> cpu();

    /** Returns the process whose CPU time is read; empty if none is. */
    OptionalLong id();
}
