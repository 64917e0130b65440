package dev.shakedown.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A directory that programs take for the whole machine, with a {@code /proc} that shows only them. */
record CleanRoot(Path directory) {
    /** Mounts end with the process that made them, so that nothing is left of them. */
    private static final String ENTER = " && mount -t proc proc \"$root/proc\" && exec chroot \"$@\"";
    private static final String WRITABLE = "root=$1; shift; true";
    private static final String READ_ONLY = "root=$1; shift; mount --bind \"$root\" \"$root\""
            + " && mount -o remount,bind,ro \"$root\" && mount -t tmpfs -o mode=1777 tmpfs \"$root/data\"";

    /** What a command said, and its exit code. */
    record Ended(int exitCode, String out, String err) {}

    /** Runs a command in it as root. */
    Ended run(String... command) throws IOException, InterruptedException {
        return entered(WRITABLE, List.of(), List.of(command));
    }

    /** Runs a command as a user who may write nothing, where only {@code /data} can be written at all. */
    Ended runReadOnly(String user, List<String> command) throws IOException, InterruptedException {
        return entered(READ_ONLY, List.of("--userspec=" + user), command);
    }

    private Ended entered(String mounts, List<String> options, List<String> command)
            throws IOException, InterruptedException {
        var whole = new ArrayList<>(
                List.of("unshare", "--mount", "--pid", "--fork", "sh", "-c", mounts + ENTER, "sh",
                        directory.toString()));
        whole.addAll(options);
        whole.add(directory.toString());
        whole.addAll(command);
        return ran(directory, whole);
    }

    /** Runs a command of this machine in a directory, with nothing in its environment but where programs are. */
    static Ended ran(Path directory, List<String> command) throws IOException, InterruptedException {
        var out = Files.createTempFile("shakedown", ".out");
        var err = Files.createTempFile("shakedown", ".err");
        try {
            var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
            builder.environment().put("LANG", "C.UTF-8");
            var process = builder.start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(100, TimeUnit.SECONDS)) {
                    throw new IOException("still running: " + command + "\n" + Files.readString(err));
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** All files in it, but for what {@code dpkg} itself remembers. */
    TreeSet<String> files() throws IOException {
        var found = new TreeSet<String>();
        try (var all = Files.walk(directory)) {
            all.map(directory::relativize).map(Path::toString)
                    .filter(name -> !name.startsWith("var/lib/dpkg") && !name.startsWith("var/log"))
                    .forEach(found::add);
        }
        return found;
    }

    boolean has(String path) {
        return Files.exists(directory.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }
}
