using DeviceId.Notebooks.Commands;
using DeviceId.Notebooks.Commands.Outputs;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

public sealed class NotebookRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NotebooksOfOneNameAreRefusedBeforeOneCopyReplacesTheOther()
    {
        var problem = await Assert.ThrowsAsync<NotebookException>(() => Run("out", Source("d1"), Source("d2")));
        Assert.Contains("would be stored as the same file", problem.Message);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public async Task ANotebookIsNeverOverwrittenByItsExecutedCopy()
    {
        var source = Source("d1");
        var before = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        var problem = await Assert.ThrowsAsync<NotebookException>(() => Run("d1", source));
        Assert.Contains("would be overwritten", problem.Message);
        Assert.Equal(before, await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ASecondRunIntoTheSameFolderIsRefusedUntilTheFirstHasEnded()
    {
        using (OutputFolder.Lock(_folder.File("out")))
        {
            var problem = await Assert.ThrowsAsync<NotebookException>(() => Run("out", Source("d1")));
            Assert.Contains("Another run is writing", problem.Message);
        }

        OutputFolder.Lock(_folder.File("out")).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("out")));
    }

    private string Source(string folder)
    {
        Directory.CreateDirectory(_folder.File(folder));
        return Write(_folder, Path.Combine(folder, "same.ipynb"), Code("1"));
    }

    private Task<int> Run(string output, params string[] notebooks) =>
        new NotebookRun(new RunOptions(notebooks, new Dictionary<string, string>(), new Dictionary<string, string>(), _folder.File(output)))
            .RunAsync();
}
