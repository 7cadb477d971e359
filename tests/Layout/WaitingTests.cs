using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeviceId.Tests.Layout;

/// <summary>A test waits for what happens, never for a time: a time is too short on a busy machine, and too long on every other.</summary>
public sealed class WaitingTests
{
    /// <summary>The one place that looks again and again; its time-out is a failure.</summary>
    private const string Exception = "Eventually.cs";

    private static readonly string[] Waits = ["Thread.Sleep", "Task.Delay", "SpinWait.SpinUntil"];

    [Fact]
    public void NoTestWaitsForATime()
    {
        var folder = Path.Combine(TestPaths.Root, "tests");
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Where(IsOurs).ToList();
        Assert.True(files.Count > 100, $"only {files.Count} files were looked at");
        var found = files
            .SelectMany(file => Found(File.ReadAllText(file)), (file, call) => (File: Path.GetRelativePath(folder, file), Call: call))
            .ToList();
        // A finder that finds nothing would agree with everything.
        Assert.Contains(found, wait => wait.File == Exception);
        Assert.DoesNotContain(found, wait => wait.File != Exception);

        // What the build makes is not written by anybody.
        bool IsOurs(string file) =>
            !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");
    }

    [Theory]
    [InlineData("Thread.Sleep(200);", true)]
    [InlineData("System.Threading.Thread.Sleep(time);", true)]
    [InlineData("await Task.Delay(500, token);", true)]
    [InlineData("SpinWait.SpinUntil(() => done, 1000);", true)]
    [InlineData("Action<int> wait = Thread.Sleep;", true)]
    [InlineData("Thread.Sleep(0);", false)] // takes no time: it takes an interruption that has come
    [InlineData("Run(\"Thread.Sleep(100000);\");", false)] // a notebook's cell
    [InlineData("Thread.Yield(); Other.Sleep(3);", false)]
    public void APlantedWaitIsFound(string statement, bool isFound) =>
        Assert.Equal(isFound, Found($"class Planted {{ async void It() {{ {statement} }} }}").Any());

    private static IEnumerable<string> Found(string source)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var root = CSharpSyntaxTree.ParseText(source, cancellationToken: cancelled).GetRoot(cancelled);
        return from name in root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
               where Waits.Any(wait => name.ToString() == wait || name.ToString() == "System.Threading." + wait)
               where !(name.Parent is InvocationExpressionSyntax call && call.ArgumentList.ToString() == "(0)")
               select $"line {name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {name.Parent}";
    }
}
