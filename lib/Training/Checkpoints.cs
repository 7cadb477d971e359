namespace DeviceId.Training;

/// <summary>Where a training keeps its checkpoint, and how often it writes it.</summary>
/// <remarks>
/// A checkpoint is written when the training is cancelled and every <see cref="Every"/>; a training that finds one goes on from it and ends
/// with the same bits as an undisturbed one (on a CPU). One that is damaged, of another version or of another training is deleted, with a
/// sentence to <see cref="Notice"/>, and the training begins anew. A file that cannot be written or deleted costs a sentence, nothing else.
/// Two trainings must not share a file.
/// </remarks>
/// <param name="Path">The file; its folder is made when missing. Three times as large as the network (16 million weights: 190 MB).</param>
/// <param name="Notice">Told in a sentence what went wrong with the file: nothing is discarded silently.</param>
internal sealed record Checkpoints(string Path, Action<string> Notice)
{
    /// <summary>At most so much of a training is lost when its process is killed; zero writes after every batch.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Measures <see cref="Every"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether the file is deleted when the training ends. False: it then holds the finished training, and the caller calls
    /// <see cref="Remove"/> once the results are stored, so that a process killed in between loses nothing.
    /// </summary>
    public bool RemoveAtEnd { get; init; } = true;

    /// <summary>Deletes the file, where there is one, and what killed processes left of unfinished ones.</summary>
    public void Remove()
    {
        RemoveUnfinished();
        TryOrNotice("cannot be deleted", () => File.Delete(Path));
    }

    /// <summary>A process killed while it wrote left its temporary file behind, as large as a checkpoint.</summary>
    internal void RemoveUnfinished() => TryOrNotice("has unfinished copies beside it that cannot be deleted", () =>
    {
        var folder = new DirectoryInfo(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        if (!folder.Exists)
            return;
        foreach (var file in folder.GetFiles($".{System.IO.Path.GetFileName(Path)}.*.tmp"))
            file.Delete();
    });

    /// <summary>The disk is no reason to lose a training.</summary>
    /// <returns>Whether it worked.</returns>
    internal bool TryOrNotice(string failure, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Notice($"The checkpoint {Path} {failure} ({error.Message}); the training goes on without.");
            return false;
        }
    }
}
