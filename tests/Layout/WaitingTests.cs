using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeviceId.Tests.Layout;

/// <summary>A test waits for an event, never for a fixed time, which is too short on a busy machine and too long on any other.</summary>
public sealed class WaitingTests
{
    /// <summary>The only file that polls; its time-out is a failure.</summary>
    private const string AllowedFile = "tests/Eventually.cs";

    private static readonly string[] Waits = ["Thread.Sleep", "Task.Delay", "SpinWait.SpinUntil"];

    [Fact]
    public void NoTestWaitsForAFixedTime()
    {
        var files = RepositoryFiles.Under("tests");
        Assert.True(files.Count > 100, $"only {files.Count} files were checked");
        var waits = files.SelectMany(file => FindWaits(RepositoryFiles.Read(file)), (file, call) => (File: file, Call: call)).ToList();

        // A search that finds nothing would pass.
        Assert.Contains(waits, wait => wait.File == AllowedFile);
        Assert.DoesNotContain(waits, wait => wait.File != AllowedFile);
    }

    [Theory]
    [InlineData("Thread.Sleep(200);", true)]
    [InlineData("System.Threading.Thread.Sleep(time);", true)]
    [InlineData("await Task.Delay(500, token);", true)]
    [InlineData("SpinWait.SpinUntil(() => done, 1000);", true)]
    [InlineData("Action<int> wait = Thread.Sleep;", true)]
    [InlineData("Thread.Sleep(0);", false)] // takes no time: it lets a pending interruption be thrown
    [InlineData("Run(\"Thread.Sleep(100000);\");", false)] // the text of a notebook cell
    [InlineData("Thread.Yield(); Other.Sleep(3);", false)]
    public void AWaitIsFound(string statement, bool isFound) =>
        Assert.Equal(isFound, FindWaits($"class Planted {{ async void It() {{ {statement} }} }}").Any());

    private static IEnumerable<string> FindWaits(string source)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var root = CSharpSyntaxTree.ParseText(source, cancellationToken: cancelled).GetRoot(cancelled);
        return from name in root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
               where Waits.Any(wait => name.ToString() == wait || name.ToString() == "System.Threading." + wait)
               where !(name.Parent is InvocationExpressionSyntax call && call.ArgumentList.ToString() == "(0)")
               select $"line {name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {name.Parent}";
    }
}
