package confcodes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What setup does to one file. Immutable.
 *
 * @param file the file
 * @param target the file that it is a link to, or itself
 * @param before its bytes as text, one character each; empty if there is no such file
 * @param after what it shall be; empty to delete it
 * @param groups whose a new file can be, if its directory is root's; the first that exists counts
 */
record Change(Path file, Path target, Optional<String> before, Optional<String> after, List<String> groups) {

    /** {@return a change to what a file is now} */
    static Change to(Path file, Optional<String> after, List<String> groups) throws IOException {
        boolean exists = Files.exists(file);
        return new Change(
                file,
                exists ? file.toRealPath() : file,
                exists ? Optional.of(ConfigLine.text(file)) : Optional.empty(),
                after,
                groups);
    }

    /** {@return whether there is something to do} */
    boolean isNeeded() {
        return !before.equals(after);
    }

    /** {@return what it would do, a line for each line that goes or comes} */
    List<String> diff() {
        List<String> old = before.stream().flatMap(String::lines).toList();
        List<String> now = after.stream().flatMap(String::lines).toList();
        List<String> diff = new ArrayList<>();
        diff.add("--- " + (before.isPresent() ? file : "/dev/null"));
        diff.add("+++ " + (after.isPresent() ? file : "/dev/null"));
        int i = 0;
        for (int j = 0; j < now.size(); j++) {
            while (i < old.size() && !now.subList(j, now.size()).contains(old.get(i))) {
                diff.add("-" + readable(old.get(i++)));
            }
            if (i < old.size() && old.get(i).equals(now.get(j))) {
                i++;
            } else {
                diff.add("+" + readable(now.get(j)));
            }
        }
        old.subList(i, old.size()).forEach(gone -> diff.add("-" + readable(gone)));
        return diff;
    }

    private static String readable(String bytes) {
        String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return text.replaceFirst("^(\\s*#?(?:ami-)?secret(?:\\s*[=:]|\\s)).+", "$1…");
    }

    /**
     * Does it. A file that was there is written in place, so that owner, mode and links stay, after a copy of it was made. A link
     * that was not there before is not followed: whoever owns the directory would choose what root writes to.
     */
    void apply() throws IOException {
        if (before.isPresent()) {
            Files.copy(file, backup(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        } else {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            PosixFileAttributeView made =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            made.setGroup(group());
            made.setPermissions(PosixFilePermissions.fromString("rw-r-----"));
        }
        if (after.isPresent()) {
            Files.write(
                    target,
                    after.get().getBytes(StandardCharsets.ISO_8859_1),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    LinkOption.NOFOLLOW_LINKS);
        } else {
            Files.delete(file);
        }
    }

    /** {@return where the copy is} */
    Path backup() {
        return file.resolveSibling(file.getFileName() + ".confcodes-backup");
    }

    /** The group of the directory, which is Asterisk's own on Debian and FreePBX, or the first that this machine has. */
    private GroupPrincipal group() throws IOException {
        GroupPrincipal group = Files.readAttributes(file.toRealPath().getParent(), PosixFileAttributes.class)
                .group();
        for (String name : group.getName().equals("root") ? groups : List.<String>of()) {
            try {
                return file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
            } catch (UserPrincipalNotFoundException e) {
                // Try the next.
            }
        }
        return group;
    }
}
