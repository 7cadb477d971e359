using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// The display calls of cells. The package's own ones return a value whose update goes to another identifier, and two of them fit the same
/// call; the compiler prefers these, because they take every type as it is.
/// </summary>
public static class CellDisplay
{
    /// <summary>Shows a value below the cell, rendered by the formatter of its type; the result can replace it by another.</summary>
    /// <param name="value">The value. A string together with MIME types is content of these types already.</param>
    /// <param name="mimeTypes">The MIME types; with none, the formatter of the value's type chooses.</param>
#pragma warning disable IDE1006 // Named as in .NET Interactive, so that cells run there too.
    public static DisplayedValue display<T>(T value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);
#pragma warning restore IDE1006

    /// <summary>Shows a value below the cell, as <see cref="display"/> does.</summary>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);

    /// <summary>Shows a value below the cell, as <see cref="display"/> does.</summary>
    [OverloadResolutionPriority(1)]
    public static DisplayedValue Display<T>(this KernelInvocationContext context, T value, params string[] mimeTypes)
    {
        var displayed = new DisplayedValue(value, MimeBundle.Format(value, mimeTypes));
        DisplayRouter.Show(context, displayed);
        return displayed;
    }
}
