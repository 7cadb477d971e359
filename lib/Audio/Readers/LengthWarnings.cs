namespace DeviceId.Audio;

/// <summary>Sentences about a header that claims another amount of sound than there is.</summary>
internal static class LengthWarnings
{
    public static string CutShort(long claimed, long present, long used) =>
        $"The header claims {claimed} bytes of sound, {present} are there, {used} were used: the recording is cut short.";

    public static string ClaimsLess(long claimed, long present, long used) =>
        $"The header claims {claimed} bytes of sound, {present} are there, {used} were used: "
        + "the header was not completed, or something was appended.";

    public static string Wrapped(long claimed, long present, long used) =>
        $"The header claims {claimed} bytes of sound, {present} are there, {used} were used: "
        + "the file is longer than the 4 GiB that its header can express.";

    public static string Unknown(long used) =>
        $"The header gives no length: all {used} bytes up to the end of the file were used.";

    public static string SeveralDataChunks(int chunks, long used) =>
        $"The file has {chunks} 'data' chunks: their samples were joined in order ({used} bytes); there may be a gap between them.";

    public static string WrongFrameSize(int claimed, int used) =>
        $"The header says {claimed} bytes per sample frame; {used} were used, which follows from channels and bits.";

    public static string Unscaled(float peak) => FormattableString.Invariant(
        $"Its samples reach {peak:0} times full scale: they look like integers that were never scaled.");

    public static string Grew(long before, long after) =>
        $"The file grew from {before} to {after} bytes while it was read: only the first {before} were used.";
}
