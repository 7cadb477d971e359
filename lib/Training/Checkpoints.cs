namespace DeviceId.Training;

/// <summary>Where a training saves its checkpoint, and how often.</summary>
/// <remarks>
/// A checkpoint is written when the training is cancelled, and at the interval <see cref="Interval"/>. A training that finds its checkpoint
/// resumes from it and ends with the same bits as an uninterrupted one (on a CPU). A checkpoint that is damaged, of another version or of
/// another training is deleted and reported to <see cref="Notice"/>, and the training starts again from the beginning. If the file cannot
/// be written or deleted, that is reported and the training continues. Two trainings must not share a file.
/// </remarks>
/// <param name="Path">
/// The file; its folder is created if missing. It is three times as large as the network (16 million weights: 190 MB).
/// </param>
/// <param name="Notice">Receives a sentence about each problem with the file: nothing is discarded silently.</param>
internal sealed record Checkpoints(string Path, Action<string> Notice)
{
    /// <summary>Maximum time that is lost when the process is killed; zero writes after every batch.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock that measures <see cref="Interval"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether the file is deleted when the training ends. If false, it then holds the finished training, and the caller calls
    /// <see cref="Remove"/> once the results are stored, so that nothing is lost if the process is killed in between.
    /// </summary>
    public bool RemoveAtEnd { get; init; } = true;

    /// <summary>Deletes the file, if it exists, and the temporary files of killed processes.</summary>
    public void Remove()
    {
        RemoveUnfinished();
        TryOrNotice("cannot be deleted", () => File.Delete(Path));
    }

    /// <summary>Deletes temporary files, each as large as a checkpoint, of processes that were killed while writing.</summary>
    internal void RemoveUnfinished() => TryOrNotice("has unfinished copies beside it that cannot be deleted", () =>
    {
        var folder = new DirectoryInfo(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        if (!folder.Exists)
            return;
        foreach (var file in folder.GetFiles($".{System.IO.Path.GetFileName(Path)}.*.tmp"))
            file.Delete();
    });

    /// <summary>Runs a file operation and reports a failure: a disk error must not stop the training.</summary>
    /// <returns>Whether the operation succeeded.</returns>
    internal bool TryOrNotice(string failure, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Notice($"The checkpoint {Path} {failure} ({error.Message}); the training continues.");
            return false;
        }
    }
}
