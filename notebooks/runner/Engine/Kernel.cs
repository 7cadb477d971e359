using DeviceId.Notebooks.Engine;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

// Names and namespace are those of .NET Interactive, so that notebooks and libraries written for it work here too, also by reflection.
namespace Microsoft.DotNet.Interactive;

/// <summary>Methods that cells can call without a class name.</summary>
public static class Kernel
{
    /// <summary>Shows a value below the cell, rendered by the formatter of its type.</summary>
#pragma warning disable IDE1006 // Named as in .NET Interactive, so that cells run there too.
    public static DisplayedValue display(object? value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);
#pragma warning restore IDE1006

    /// <summary>Marks a text as HTML.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Shows a value below the cell, as <see cref="display"/> does.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);
}

/// <summary>The running cell, with the interface of .NET Interactive.</summary>
public sealed class KernelInvocationContext
{
    private readonly CellOutputs _outputs;

    internal KernelInvocationContext(CellOutputs outputs, CancellationToken cancellation)
    {
        _outputs = outputs;
        CancellationToken = cancellation;
    }

    /// <summary>The cell that is running. It is the same for all threads: a cell's worker threads show their progress through it.</summary>
    public static KernelInvocationContext Current { get; internal set; } = null!;

    /// <summary>Cancelled when the user stops the run (Ctrl-C). A cell that then ends by itself can still save its work.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Shows a value; the result can replace it by another.</summary>
    public DisplayedValue Display(object? value, params string[] mimeTypes) =>
        new(_outputs, _outputs.Add(MimeBundle.Create(value, mimeTypes), isResult: false), mimeTypes);
}

/// <summary>A displayed value that can be replaced.</summary>
public sealed class DisplayedValue
{
    private readonly CellOutputs _outputs;
    private readonly int _index;
    private readonly string[] _mimeTypes;

    internal DisplayedValue(CellOutputs outputs, int index, string[] mimeTypes)
    {
        _outputs = outputs;
        _index = index;
        _mimeTypes = mimeTypes;
    }

    /// <summary>Shows another value in the same place. The executed notebook contains the last one.</summary>
    public void Update(object? value) => _outputs.Replace(_index, MimeBundle.Create(value, _mimeTypes));
}
